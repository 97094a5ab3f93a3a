// Every GraphQL document of the dashboard, to be held against the schema.

import { ERROR } from "../server/documents.js";

const LAGGED = "... on Lagged { missed resync }";
const CONTRIBUTION = `
  id description mediaType latitude longitude submitted createdAt moderatedAt moderationReason durationSeconds
  user { username } file { url } waveform(points: 64) { minima maxima }`;
const PRESENT = `
  streamId latitude longitude heading isPaused isOutOfRange
  playing { playId assetId startedAt asset { description mediaType } } gains { speakerId gain }`;

const SPEAKERS =
  "speakers(first: 100) { edges { node { id code maxVolume shape attenuationMetres attenuationBorder isActive } } }";

// `eventCursor` stands before what it is asked with: what happens afterwards is told by the subscriptions.
export const PROJECT = `
  query LiveProject($id: ID!) {
    viewer { username }
    project(id: $id) {
      eventCursor
      latitude longitude
      ${SPEAKERS}
      assets(first: 500) { edges { node { id description latitude longitude mediaType submitted } } }
    }
  }`;

export const UNPUBLISHED = `
  query Unpublished($project: ID!, $after: String) {
    assets(
      first: 100, after: $after, orderBy: [{ field: CREATED_AT }]
      filter: { project: { exact: $project }, submitted: { exact: false } }
    ) {
      nodes { ${CONTRIBUTION} }
      pageInfo { hasNextPage endCursor }
    }
  }`;

export const WHO = `
  query Who($project: ID!) { viewer { username } project(id: $project) { id } }`;

export const MODERATE_ASSETS = `
  mutation ModerateAssets($input: ModerateAssetsInput!) {
    moderateAssets(input: $input) { __typename ${ERROR} }
  }`;

// The address of a file that is not public is good for a while only.
export const ASSET_FILE = `
  query AssetFile($id: ID!) { asset(id: $id) { file { url } } }`;

export const ZONES = `
  query LiveZones($id: ID!) { project(id: $id) { ${SPEAKERS} } }`;

export const PROJECT_EVENTS = `
  subscription ProjectEvents($project: ID!, $after: String) {
    projectEvents(projectId: $project, after: $after) {
      __typename
      ... on LiveEvent { cursor happenedAt }
      ... on StreamOpened { streamId }
      ... on StreamClosed { streamId reason }
      ... on StreamPaused { streamId }
      ... on StreamResumed { streamId }
      ... on RangeLeft { streamId }
      ... on RangeEntered { streamId }
      ... on AssetStarted { streamId asset { description mediaType } }
      ... on AssetEnded { streamId asset { description mediaType } }
      ... on AssetAdded { asset { description mediaType submitted } }
      ... on AssetChanged { asset { description mediaType submitted } }
      ${LAGGED}
    }
  }`;

export const ASSET_CHANGES = `
  subscription AssetChanges($project: ID!, $after: String) {
    assetChanges(projectId: $project, after: $after) {
      __typename
      ... on LiveEvent { cursor }
      ... on AssetAdded { asset { ${CONTRIBUTION} } }
      ... on AssetChanged { asset { ${CONTRIBUTION} } }
      ... on AssetRemoved { assetId }
      ${LAGGED}
    }
  }`;

export const LISTENERS = `
  subscription Listeners($project: ID!) {
    listeners(projectId: $project, every: 0.25) {
      __typename
      ... on ListenersSnapshot { listeners { ${PRESENT} } }
      ... on ListenersMoved { listeners { ${PRESENT} } }
      ... on ListenerJoined { listener { ${PRESENT} } }
      ... on ListenerLeft { streamId }
      ${LAGGED}
    }
  }`;

export const ENGINE_STATUS = `
  subscription EngineStatus { engineStatus { engineId load } }`;
