// The GraphQL documents of a recording's way to the server, to be held against the schema.

import { ERROR } from "../server/documents.js";

export const CREATE_ENVELOPE = `
  mutation CreateEnvelope($input: CreateEnvelopeInput!) {
    createEnvelope(input: $input) { __typename ... on CreateEnvelopeSuccess { envelope { id } } ${ERROR} }
  }`;

export const UPLOAD_ASSET = `
  mutation UploadAsset($input: UploadAssetInput!) {
    uploadAsset(input: $input) {
      __typename
      ... on UploadAssetSuccess { asset { id description latitude longitude submitted file { url } } }
      ${ERROR}
    }
  }`;

export const UPLOAD_STATE = `
  query UploadState($envelopeId: ID!) {
    assetUploads(filter: { envelope: { exact: $envelopeId } }, last: 1) { edges { node { state } } }
  }`;
