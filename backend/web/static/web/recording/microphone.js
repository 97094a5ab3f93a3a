// What this browser can record, and as what.

// The first that is supported: Chromium and Firefox write WebM, Safari MP4.
const TYPES = { "audio/webm;codecs=opus": "webm", "audio/mp4": "m4a", "audio/ogg;codecs=opus": "ogg" };

/** The type to record as, or null. */
export const recordingType = (isSupported) => Object.keys(TYPES).find(isSupported) ?? null;

/** A name for a recording of this type, with the ending that people know it by. */
export const fileName = (type) => `recording.${TYPES[type] ?? "webm"}`;

/** What stands in the way of a recording: "SILENT_PLACE", "INSECURE", "NO_RECORDER", or null. */
export function obstacle(project, browser = globalThis) {
  const { isSecureContext, navigator, MediaRecorder } = browser;
  if (!project.speakEnabled) return "SILENT_PLACE";
  if (!isSecureContext) return "INSECURE";
  const canRecord = navigator.mediaDevices?.getUserMedia && MediaRecorder;
  return canRecord && recordingType((type) => MediaRecorder.isTypeSupported(type)) ? null : "NO_RECORDER";
}
