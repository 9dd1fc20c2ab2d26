import { useEffect } from "react";

/** Shows a toast when there is something new to say; it goes by itself. */
export function useToast(message: string | null | undefined): void {
  useEffect(() => {
    if (message) shopify.toast.show(message);
  }, [message]);
}
