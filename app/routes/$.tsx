import { en } from "#app/ui/words/en.ts";
import landingStyles from "#app/ui/landing.css?url";

export const links = () => [{ rel: "stylesheet", href: landingStyles }];

/** Any address outside /app that is no page. */
export function loader() {
  throw new Response(null, { status: 404 });
}

export default function Nothing() {
  return null;
}

export function ErrorBoundary() {
  const words = en.shell.errors.notFound;
  return (
    <main>
      <h1>{words.title}</h1>
      <p>{words.body}</p>
      <p>
        <a href="/">{en.shell.appName}</a>
      </p>
    </main>
  );
}
