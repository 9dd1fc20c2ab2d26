import type { Verdict } from "#app/features/messages/ledger.ts";

export const ledger = {
  title: "Export",
  export: {
    title: "Record of what was sent",
    help: "Each message that was handed over in these days: the SHA-256 of its bytes, its releases, our mail service’s id and answers. No names, no addresses, no texts. Messages from before this record have no SHA-256.",
    from: "From",
    to: "Until",
    format: "Format",
    formats: { csv: "CSV, for a spreadsheet", json: "JSON, for a program" },
    action: "Download",
    name: (from: string, to: string, format: string) => `aftercare-messages-${from}-${to}.${format}`,
    progress: "Progress of the download",
    come: (come: string, total: string) => `${come} of ${total} messages`,
    done: "The record is downloaded",
    failed: "The download failed. Please try again.",
  },
  check: {
    title: "Check a mail",
    help: "Enter a message’s id to check the mail that we hold of it, or the SHA-256 of a mail’s bytes as they were handed to our mail service. A file is not sent to us: your browser works out its SHA-256.",
    proof: "Message id or SHA-256",
    file: "Take a file’s SHA-256",
    fileFailed: "The file could not be read.",
    action: "Check",
    open: "Open the message",
    verdicts: {
      unknown: "The record has no such mail.",
      same: "This is the mail that was handed over.",
      other: "The mail that we hold is not the one that was handed over.",
      bytes_gone: "The record has its SHA-256. The mail itself is no longer held.",
      no_hash: "Nothing was handed over, or it was before this record.",
    } satisfies Record<Verdict["kind"], string>,
  },
};
