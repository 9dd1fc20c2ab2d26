import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Box, Card, Select, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { listMembers, removeMember, setRole, setStartingRole } from "#app/features/shops/members.server.ts";
import {
  peopleWishSchema,
  ROLES,
  STARTING_ROLES,
  type PeopleWish,
  type Role,
} from "#app/features/shops/roles.ts";
import { forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseForm } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { FactList } from "#app/ui/FactList.tsx";
import { Allowed } from "#app/ui/people/Allowed.tsx";
import { PersonRow, useNameOf } from "#app/ui/people/PersonRow.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request);
  const people = await inShop((tx) => listMembers(tx, shop.id));
  const start = STARTING_ROLES.find((role) => role === shop.newPeople) ?? "editor";
  return json({ people, start, you: actor.replace(/^user:/, "") });
}

type Answer = { done: PeopleWish | null; problem: string | null };

export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "people");
  const input = await parseForm(request, peopleWishSchema);
  if (!input.ok)
    return json<Answer>({ done: null, problem: Object.values(input.errors)[0] ?? "" }, { status: 422 });
  const wish = input.value;
  try {
    await forShop(shop.id, (tx) => {
      if (wish.intent === "start") return setStartingRole(tx, shop.id, wish.role, actor);
      if (wish.intent === "remove") return removeMember(tx, shop.id, wish.id, actor);
      return setRole(tx, shop.id, wish.id, wish.role, actor);
    });
    return json<Answer>({ done: wish, problem: null });
  } catch (error) {
    if (!(error instanceof AppError) || !error.hasWords) throw error;
    return json<Answer>({ done: null, problem: error.forPerson }, { status: error.status });
  }
}

export default function People() {
  const { people, start, you } = useLoaderData<typeof loader>();
  const words = useWords().people;
  const settings = useWords().settings;
  const nameOf = useNameOf();
  const fetcher = useFetcher<Answer>();
  const [removing, setRemoving] = useState<string | null>(null);
  const busy = fetcher.state !== "idle";
  const answer = busy ? undefined : fetcher.data;
  const done = answer?.done;
  const told = done && { role: words.changed, remove: words.remove.done, start: words.start.changed };
  useToast(answer, done && told ? told[done.intent] : null);
  const self = people.find((person) => person.userId === you);
  const changedYou = done?.intent === "role" && done.id === self?.id;
  // Every page has to learn what this person may not do any more.
  useEffect(() => {
    if (changedYou) window.location.reload();
  }, [changedYou]);
  const owners = people.filter(({ role }) => role === "owner").length;
  const asked = busy ? fetcher.formData : undefined;
  const send = (wish: PeopleWish) => fetcher.submit(wish, { method: "post" });
  const removed = people.find(({ id }) => id === removing);
  return (
    <AppPage
      title={words.title}
      section={settings.title}
      narrowWidth
      backAction={{ content: settings.title, url: "/app/settings" }}
    >
      <BlockStack gap="400">
        {answer?.problem ? <Banner tone="critical">{answer.problem}</Banner> : null}
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {words.intro}
          </Text>
        </Box>
        <Allowed deed="people">
          <BlockStack gap="400">
            <Card padding="0">
              <ul className="Rows">
                {people.map((person) => (
                  <li key={person.id}>
                    <PersonRow
                      person={person}
                      you={person.userId === you}
                      lastOwner={person.role === "owner" && owners === 1}
                      saving={
                        asked?.get("intent") === "role" && asked.get("id") === person.id
                          ? (asked.get("role") as Role)
                          : null
                      }
                      busy={busy}
                      onRole={(role) => send({ intent: "role", id: person.id, role })}
                      onRemove={() => setRemoving(person.id)}
                    />
                  </li>
                ))}
              </ul>
            </Card>
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  {words.start.title}
                </Text>
                <Select
                  label={words.start.label}
                  helpText={words.start.help}
                  options={STARTING_ROLES.map((value) => ({ value, label: words.roles[value] }))}
                  value={start}
                  disabled={busy}
                  onChange={(value) => {
                    const role = STARTING_ROLES.find((each) => each === value);
                    if (role) send({ intent: "start", role });
                  }}
                />
              </BlockStack>
            </Card>
          </BlockStack>
        </Allowed>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {words.legend}
            </Text>
            <FactList facts={ROLES.map((role) => [words.roles[role], words.can[role]])} />
          </BlockStack>
        </Card>
      </BlockStack>
      <ConfirmModal
        id="remove-person"
        open={removing !== null}
        title={words.remove.title(removed ? nameOf(removed) : "")}
        body={words.remove.body}
        confirm={words.remove.confirm}
        critical
        onClose={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) send({ intent: "remove", id: removing });
          setRemoving(null);
        }}
      />
    </AppPage>
  );
}
