// Every GraphQL document of this page, in one place to be held against the schema.

import { ERROR } from "../server/documents.js";

// Its address changes where the listener leaves or enters the range of all speakers.
const STREAM = "stream { id url state outOfRangeMessage }";

export const REGISTER_DEVICE = `
  mutation RegisterDevice($input: RegisterDeviceInput!) {
    registerDevice(input: $input) { __typename ... on RegisterDeviceSuccess { token } ${ERROR} }
  }`;

export const PROJECT = `
  query Project($id: ID!) {
    project(id: $id) {
      name description latitude longitude legalAgreement speakEnabled maxRecordingSeconds
      speakers(first: 100) { edges { node { id code maxVolume shape attenuationMetres attenuationBorder isActive } } }
      assets(first: 500) { edges { node { id description latitude longitude mediaType } } }
      uiGroups(first: 20) { edges { node {
        id name header uiMode select isActive
        items(first: 50) { edges { node { id isDefault isActive parent { id } tag { id label } } } }
      } } }
    }
  }`;

export const CREATE_SESSION = `
  mutation CreateSession($input: CreateSessionInput!) {
    createSession(input: $input) { __typename ... on CreateSessionSuccess { session { id } } ${ERROR} }
  }`;

export const OPEN_STREAM = `
  mutation OpenStream($input: OpenStreamInput!) {
    openStream(input: $input) { __typename ... on OpenStreamSuccess { ${STREAM} } ${ERROR} }
  }`;

export const MOVE_LISTENER = `
  mutation MoveListener($input: MoveListenerInput!) {
    moveListener(input: $input) { __typename ... on MoveListenerSuccess { ${STREAM} } ${ERROR} }
  }`;

export const FILTER_TAGS = `
  mutation FilterTags($input: FilterTagsInput!) {
    filterTags(input: $input) { __typename ${ERROR} }
  }`;

export const SKIP_ASSET = `
  mutation SkipAsset($input: SkipAssetInput!) {
    skipAsset(input: $input) { __typename ${ERROR} }
  }`;

export const HEARTBEAT = `
  mutation Heartbeat($input: HeartbeatInput!) {
    heartbeat(input: $input) { __typename ${ERROR} }
  }`;

export const CLOSE_STREAM = `
  mutation CloseStream($input: CloseStreamInput!) {
    closeStream(input: $input) { __typename ${ERROR} }
  }`;

export const STREAM_EVENTS = `
  subscription StreamEvents($streamId: ID!) {
    streamEvents(streamId: $streamId) {
      __typename
      ... on GainsChanged { gains { speakerId gain } }
      ... on AssetStarted { playId startedAt plannedSeconds assetId asset { description } }
      ... on AssetEnded { playId }
      ... on StreamClosed { reason }
    }
  }`;
