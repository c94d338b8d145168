// What a page carries in little room: gzipped, as text of base64.
import { gunzipSync, strFromU8 } from "fflate";

export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export function unzipped(text) {
  return gunzipSync(bytes(text));
}

export function unpacked(text) {
  return JSON.parse(strFromU8(unzipped(text)));
}
