export const shell = {
  appName: "Aftercare",
  nav: {
    home: "Home",
    triggers: "Triggers",
    templates: "Templates",
    messages: "Messages",
    privacy: "Privacy",
    settings: "Settings",
    help: "Help",
  },
  actions: {
    save: "Save",
    discard: "Discard",
    cancel: "Cancel",
    close: "Close",
    copy: "Copy",
    copied: "Copied",
    back: "Back",
    tryAgain: "Try again",
    help: "Get help",
    learnMore: "Learn more",
  },
  saved: "Saved",
  notSaved: "Not saved. Check the marked fields.",
  errors: {
    notFound: {
      title: "This page isn't here",
      body: "The address may be mistyped, or what it showed may belong to another store.",
      action: "Go to Home",
    },
    gone: {
      title: "This is no longer available",
      body: "It was deleted or replaced since you last saw it.",
      action: "Go to Home",
    },
    forbidden: {
      title: "You can't open this",
      body: "Your Shopify account doesn't have the permission it needs. The store's owner can give it to you.",
      action: "Go to Home",
    },
    unavailable: {
      title: "Aftercare is briefly unavailable",
      body: "Nothing is lost: orders go on being recorded, and messages leave when we are back. Please try again in a minute.",
      action: "Try again",
    },
    ours: {
      title: "Something went wrong on our side",
      body: "It's not you, and nothing you saved is lost. Please try again. If it happens again, write to us.",
      action: "Try again",
    },
  },
};
