// What a page carries in little room: gzipped, as text of base64.
import { gunzipSync, strFromU8 } from "fflate";

export function unzipped(text) {
  return gunzipSync(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
}

export function unpacked(text) {
  return JSON.parse(strFromU8(unzipped(text)));
}
