import { BlockStack, Card, Text } from "@shopify/polaris";
import { FactList } from "#app/ui/FactList.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";

export type Storage = {
  region: string | null;
  backups: { keepDays: number; keysKeepDays: number; last: string | null; lastDrill: string | null } | null;
};

/** In which country the data lies, how it is locked, and how long copies of it live. */
export function StorageCard({ storage, timeZone }: { storage: Storage; timeZone: string }) {
  const words = useWords().holdings.storage;
  const { region, backups } = storage;
  const when = (at: string | null) => (at ? <When at={at} timeZone={timeZone} /> : words.never);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <FactList
          facts={[
            [words.region, region ?? words.regionUnknown],
            [words.encryption, words.encryptionBody],
            [
              words.backups,
              backups ? words.backupsBody(backups.keepDays, backups.keysKeepDays) : words.backupsNone,
            ],
            backups ? [words.lastBackup, when(backups.last)] : null,
            backups ? [words.lastDrill, when(backups.lastDrill)] : null,
          ]}
        />
      </BlockStack>
    </Card>
  );
}
