// Who this browser is to the server: an anonymous device with a token, made on the first visit.

import { remember, remembered } from "../page/storage.js";
import { REGISTER_DEVICE } from "./documents.js";

/** A random UUID; `crypto.randomUUID` exists on https and localhost only. */
export function randomUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const token = () => remembered("token");

async function register(api) {
  const deviceId = remembered("device") ?? randomUuid();
  remember("device", deviceId);
  const payload = await api.perform(REGISTER_DEVICE, { deviceId, clientType: "web" });
  remember("token", payload.token);
}

/** Runs `work` with a token; when the server no longer takes the one we have, once more with a new one. */
export async function signedIn(api, work) {
  if (!token()) await register(api);
  try {
    return await work();
  } catch (error) {
    if (error.code !== "NOT_AUTHENTICATED") throw error;
    await register(api);
    return work();
  }
}
