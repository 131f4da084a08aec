// Keys of a page that work wherever the focus is, while the page is on screen.
import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from "vue";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

export function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

// Keys by KeyboardEvent.key; single characters do nothing while a field has the focus, and nothing
// happens while an input method is composing.
export function useShortcuts(shortcuts: Shortcuts, active: () => boolean = () => true): void {
  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.defaultPrevented || !active()) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const handler = shortcuts[key];
    if (!handler || (key.length === 1 && typing(event.target))) return;
    event.preventDefault();
    handler(event);
  }
  const listen = () => window.addEventListener("keydown", onKey);
  const stop = () => window.removeEventListener("keydown", onKey);
  onMounted(listen);
  onActivated(listen);
  onDeactivated(stop);
  onBeforeUnmount(stop);
}
