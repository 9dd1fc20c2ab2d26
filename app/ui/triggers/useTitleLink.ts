import { useNavigate } from "@remix-run/react";

/** The title bar takes buttons only: this makes one lead somewhere. */
export function useTitleLink(to: string): () => void {
  const navigate = useNavigate();
  return () => navigate(to);
}
