// A walk: `node walk.js URL DEVICE_ID` visits the first place, moves, and prints what became of it as JSON.

import { Client, RequestFailed } from "./client.js";
import {
  CreateSessionDocument,
  MoveListenerDocument,
  OpenStreamDocument,
  PlacesDocument,
  RegisterDeviceDocument,
  type MoveListenerInput,
  type MoveListenerMutation,
} from "./generated.js";

/** What an app would show; the compiler knows that no member of the union is left out. */
function told(payload: MoveListenerMutation["moveListener"]): string {
  switch (payload.__typename) {
    case "MoveListenerSuccess":
      return payload.stream.outOfRangeMessage ?? payload.stream.state;
    case "InvalidInputError":
      return `${payload.field}: ${payload.message}`;
    case "NotFoundError":
      return "You have no such stream.";
    case "NotAuthenticatedError":
      return "Sign in again.";
    case "ConflictError":
    case "NotPermittedError":
    case "RefusedError":
    case "UnavailableError":
    case "UnsupportedError":
      return `${payload.code}: ${payload.message}`;
  }
}

/** The result of a mutation that this walk cannot go on without. */
function done<Payload extends { __typename: string }, Name extends Payload["__typename"]>(
  payload: Payload,
  name: Name,
): Extract<Payload, { __typename: Name }> {
  if (payload.__typename !== name) throw new Error(JSON.stringify(payload));
  return payload as Extract<Payload, { __typename: Name }>;
}

async function walk(url: string, deviceId: string): Promise<object> {
  const stranger = new Client(url);
  const { registerDevice } = await stranger.ask(RegisterDeviceDocument, { input: { deviceId } });
  const me = new Client(url, done(registerDevice, "RegisterDeviceSuccess").token);

  const { projects } = await me.ask(PlacesDocument, { first: 5 });
  const place = projects.nodes[0];
  if (!place) throw new Error("There is no place to visit.");
  const here = { latitude: place.latitude, longitude: place.longitude };

  const { createSession } = await me.ask(CreateSessionDocument, { input: { projectId: place.id, language: "fi-FI" } });
  const { session } = done(createSession, "CreateSessionSuccess");
  const { openStream } = await me.ask(OpenStreamDocument, { input: { sessionId: session.id, ...here } });
  const { stream } = done(openStream, "OpenStreamSuccess");

  const move = async (input: Omit<MoveListenerInput, "streamId">, client = me) =>
    told((await client.ask(MoveListenerDocument, { input: { streamId: stream.id, ...input } })).moveListener);
  return {
    places: projects.nodes.map(({ name }) => name),
    language: session.language?.code,
    url: stream.url,
    moved: await move(here),
    beyondThePole: await move({ ...here, latitude: 91 }),
    somebodyElse: await move(here, stranger),
    tooMany: await me.ask(PlacesDocument, { first: 501 }).catch((error: unknown) => {
      if (error instanceof RequestFailed) return error.faults.map(({ extensions }) => extensions);
      throw error;
    }),
  };
}

const [url, deviceId] = process.argv.slice(2);
if (!url || !deviceId) throw new Error("node walk.js URL DEVICE_ID");
console.log(JSON.stringify(await walk(url, deviceId)));
