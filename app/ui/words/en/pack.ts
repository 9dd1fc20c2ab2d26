export const pack = {
  title: (shop: string) => `Aftercare: evidence for ${shop}`,
  made: (at: string, timeZone: string) => `Measured ${at} (${timeZone}).`,
  check: "The other files hold the same as data, and README.txt says how to check that nothing was changed.",
  company: "Company",
  readme: `AFTERCARE: EVIDENCE PACK

summary.html         for reading
commitments.json     every promise, how it stands, the code and the tests behind it
evidence.json        what was measured in this shop
receipts.json        receipts of exports, erasures and sweeps, each with its signature
sub-processors.json  other companies that process data, and planned changes
agreement.txt/.json  the data processing agreement, and the version that was accepted
retention.json       how long each class of data is kept
register.json        every table and column, with its class and what becomes of it
changes.json         changes to what the app is built on, and reviews of the policies
dependencies.json    the last check for known vulnerabilities
public-key.pem       the key the signatures are made with (Ed25519)
manifest.json/.sig   SHA-256 of every file above, and the signature of that list

To check the list:

  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig

Then compare each file with its SHA-256 (sha256sum). A receipt is checked the same way: its signature, in base64url, is of its
"statement". The same key is shown on every pack of this installation, so that one can be held against another.
`,
};
