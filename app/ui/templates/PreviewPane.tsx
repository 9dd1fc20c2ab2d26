import {
  Banner,
  BlockStack,
  Box,
  Button,
  ButtonGroup,
  Card,
  InlineStack,
  Select,
  SkeletonBodyText,
  Spinner,
  Text,
  useBreakpoints,
} from "@shopify/polaris";
import { DesktopIcon, MobileIcon } from "@shopify/polaris-icons";
import { useEffect, useRef, useState } from "react";
import type { RenderedMail } from "#app/features/templates/templates.ts";
import { formatDate } from "#app/ui/format.ts";
import { MailFrame } from "#app/ui/MailFrame.tsx";
import { Findings } from "#app/ui/templates/Findings.tsx";
import type { Preview } from "#app/ui/templates/usePreview.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

export type OrderChoice = {
  id: string;
  name: string;
  placedAt: string;
  lines: { id: string; title: string }[];
};

type PreviewPaneProps = {
  preview: Preview;
  orders: OrderChoice[];
  orderId: string;
  lineId: string;
  onSubject: (orderId: string, lineId: string) => void;
  timeZone: string;
};

/** The mail as its reader will see it: with an order of the shop, on a phone or a desktop, as HTML or as plain text. */
export function PreviewPane({ preview, orders, orderId, lineId, onSubject, timeZone }: PreviewPaneProps) {
  const words = useWords().templates.preview;
  const { policy } = useWords();
  const language = useLanguage();
  const order = orders.find(({ id }) => id === orderId);
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <div aria-live="polite" className="PreviewBusy">
            {preview.busy ? <Spinner size="small" accessibilityLabel={words.updating} /> : null}
          </div>
        </InlineStack>
        <Select
          label={words.order}
          options={[
            ...orders.map(({ id, name, placedAt }) => ({
              value: id,
              label: words.orderChoice(name, formatDate(placedAt, { locale: language, timeZone })),
            })),
            { value: "", label: words.example },
          ]}
          value={orderId}
          onChange={(id) => onSubject(id, "")}
        />
        {order && order.lines.length > 1 ? (
          <Select
            label={words.line}
            options={order.lines.map(({ id, title }) => ({ value: id, label: title }))}
            value={lineId || (order.lines[0]?.id ?? "")}
            onChange={(id) => onSubject(orderId, id)}
          />
        ) : null}
        {preview.failure ? <Banner tone="critical">{preview.failure}</Banner> : null}
        {preview.stale && !preview.failure ? (
          <Text as="p" tone="caution">
            {words.stale}
          </Text>
        ) : null}
        <Findings findings={preview.mail ? preview.mailFindings : []} intro={policy.withValues} />
        {preview.mail ? (
          <MailView mail={preview.mail} />
        ) : (
          <Waiting busy={preview.busy} text={preview.problems.length > 0 ? words.mistakes : words.nothing} />
        )}
      </BlockStack>
    </Card>
  );
}

function Waiting({ busy, text }: { busy: boolean; text: string }) {
  return busy ? (
    <SkeletonBodyText lines={8} />
  ) : (
    <Box paddingBlock="800">
      <Text as="p" tone="subdued" alignment="center">
        {text}
      </Text>
    </Box>
  );
}

const PHONE = 360;
/** Wide enough for the mail's own desktop layout. */
const DESKTOP = 640;

/** One rendered mail with its subject and the ways to look at it. */
export function MailView({ mail }: { mail: RenderedMail }) {
  const words = useWords().templates.preview;
  const [view, setView] = useState<"html" | "text">("html");
  const narrow = useBreakpoints().smDown;
  const [chosen, setDevice] = useState<"desktop" | "phone" | null>(null);
  // On a phone a desktop's mail would be too small to read.
  const device = chosen ?? (narrow ? "phone" : "desktop");
  return (
    <BlockStack gap="300">
      <InlineStack align="space-between" gap="200">
        <div role="group" aria-label={words.views}>
          <ButtonGroup variant="segmented">
            <Button size="slim" pressed={view === "html"} onClick={() => setView("html")}>
              {words.html}
            </Button>
            <Button size="slim" pressed={view === "text"} onClick={() => setView("text")}>
              {words.text}
            </Button>
          </ButtonGroup>
        </div>
        {view === "html" ? (
          <div role="group" aria-label={words.devices}>
            <ButtonGroup variant="segmented">
              <Button
                size="slim"
                icon={DesktopIcon}
                accessibilityLabel={words.desktop}
                pressed={device === "desktop"}
                onClick={() => setDevice("desktop")}
              />
              <Button
                size="slim"
                icon={MobileIcon}
                accessibilityLabel={words.phone}
                pressed={device === "phone"}
                onClick={() => setDevice("phone")}
              />
            </ButtonGroup>
          </div>
        ) : null}
      </InlineStack>
      <Box background="bg-surface-secondary" padding="300" borderRadius="200">
        <Text as="p" breakWord>
          <Text as="span" tone="subdued">
            {words.subject}:{" "}
          </Text>
          <Text as="span" fontWeight="semibold">
            {mail.subject}
          </Text>
        </Text>
      </Box>
      {view === "text" ? (
        <Box borderWidth="025" borderColor="border" borderRadius="200" padding="400">
          {/* A region of its own, so that the keyboard can scroll it. */}
          <pre className="PlainText" tabIndex={0} aria-label={words.text}>
            {mail.text}
          </pre>
        </Box>
      ) : (
        <Scaled width={device === "phone" ? PHONE : DESKTOP} html={mail.html} title={words.frame} />
      )}
    </BlockStack>
  );
}

const HEIGHT = 600;

/** A frame as wide as the device, made smaller where there is less room. */
function Scaled({ width, html, title }: { width: number; html: string; title: string }) {
  const room = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(1);
  useEffect(() => {
    if (!room.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setScale(Math.min(1, entry.contentRect.width / width));
    });
    observer.observe(room.current);
    return () => observer.disconnect();
  }, [width]);
  return (
    <div ref={room} className="PreviewRoom" style={{ height: HEIGHT }}>
      <div className="PreviewScale" style={{ width, height: HEIGHT / scale, transform: `scale(${scale})` }}>
        <MailFrame title={title} html={html} width="100%" height={Math.round(HEIGHT / scale)} />
      </div>
    </div>
  );
}
