type MailFrameProps = {
  title: string;
  html: string;
  /** CSS width; the frame never grows past its parent. */ width?: string;
  height?: number;
};

// Links must not lead anywhere from here: the sandbox forbids new windows, so sending them to one stops them.
const withDeadLinks = (html: string) =>
  html.replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`);

/** A mail as its reader sees it, in a frame that runs no scripts and reaches nothing of the page around it. */
export function MailFrame({ title, html, width = "100%", height = 560 }: MailFrameProps) {
  return (
    <iframe
      title={title}
      srcDoc={withDeadLinks(html)}
      sandbox=""
      className="MailFrame"
      style={{ width, height }}
      referrerPolicy="no-referrer"
    />
  );
}
