import { BlockStack, Text, TextField } from "@shopify/polaris";
import type { ShopSettings } from "#app/features/shops/settings.ts";
import { contrast } from "#app/features/templates/mail.color.ts";
import type { FieldErrors } from "#app/platform/forms.ts";
import { useWords } from "#app/ui/words/words.ts";

type Brand = ShopSettings["brand"];
type BrandFieldsProps = { brand: Brand; errors: FieldErrors; change: (brand: Brand) => void };

const ENOUGH = 4.5;
const isColor = (text: string) => /^#[0-9a-fA-F]{6}$/.test(text);

export function BrandFields({ brand, errors, change }: BrandFieldsProps) {
  const words = useWords().settings.brand;
  const ratio = isColor(brand.color) ? contrast(brand.color, "#ffffff") : null;
  const shown = ratio === null ? null : (Math.floor(ratio * 10) / 10).toFixed(1);
  return (
    <BlockStack gap="300">
      <TextField
        label={words.logo}
        helpText={words.logoHelp}
        type="url"
        placeholder="https://"
        autoComplete="off"
        value={brand.logoUrl}
        error={errors["brand.logoUrl"]}
        onChange={(logoUrl) => change({ ...brand, logoUrl })}
      />
      {/^https:\/\/\S+$/.test(brand.logoUrl.trim()) ? (
        <img
          src={brand.logoUrl.trim()}
          alt={words.logoAlt}
          className="LogoPreview"
          referrerPolicy="no-referrer"
        />
      ) : null}
      <TextField
        label={words.color}
        autoComplete="off"
        maxLength={7}
        value={brand.color}
        error={errors["brand.color"]}
        prefix={
          <input
            type="color"
            className="ColorPicker"
            aria-label={words.colorPicker}
            value={isColor(brand.color) ? brand.color.toLowerCase() : "#000000"}
            onChange={(event) => change({ ...brand, color: event.target.value })}
          />
        }
        onChange={(color) => change({ ...brand, color })}
      />
      {ratio !== null && shown !== null ? (
        <Text as="p" tone={ratio >= ENOUGH ? "subdued" : "caution"}>
          {ratio >= ENOUGH ? words.contrastGood(shown) : words.contrastPoor(shown)}
        </Text>
      ) : null}
    </BlockStack>
  );
}
