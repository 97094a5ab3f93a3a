// What a stream's address tells of itself.

const OWN_PATH = /\/stream\d+\.[a-z0-9]+$/;

/** Whether it is the engine's own sound, which never ends by itself: what a project offers instead is a file. */
export const isLive = (url) => OWN_PATH.test(new URL(url).pathname);
