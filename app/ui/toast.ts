import { useEffect, useRef } from "react";

/** Shows a sentence once for each answer of an action, however often the page is drawn. */
export function useToast(answer: unknown, sentence: string | null): void {
  const shown = useRef<unknown>(undefined);
  useEffect(() => {
    if (!answer || !sentence || shown.current === answer) return;
    shown.current = answer;
    shopify.toast.show(sentence);
  }, [answer, sentence]);
}
