/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment UserSessionFields on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n": typeof types.UserSessionFieldsFragmentDoc,
    "\n  query Sessions {\n    viewer {\n      id\n      sessions {\n        ...UserSessionFields\n      }\n    }\n  }\n": typeof types.SessionsDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.ChangePasswordDocument,
    "\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n": typeof types.EndSessionDocument,
    "\n  mutation Login($username: String!, $password: String!) {\n    login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.LoginDocument,
    "\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n": typeof types.LogoutDocument,
    "\n  mutation SignUp($username: String!, $password: String!, $email: String) {\n    signUp(\n      input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n    ) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.SignUpDocument,
    "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CancelUploadDocument,
    "\n  mutation CompleteUpload($id: ID!) {\n    completeUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...UploadFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CompleteUploadDocument,
    "\n  fragment PartFields on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n": typeof types.PartFieldsFragmentDoc,
    "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...PartFields\n        }\n      }\n    }\n  }\n": typeof types.SignPartsDocument,
    "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n": typeof types.ReceivedPartsDocument,
    "\n  mutation RequestUploads($inputs: [RequestUploadInput!]!, $withParts: Boolean!) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          ...UploadFields\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RequestUploadsDocument,
    "\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": typeof types.UploadFieldsFragmentDoc,
    "\n  fragment ApiKeyFields on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n": typeof types.ApiKeyFieldsFragmentDoc,
    "\n  query ApiKeys {\n    viewer {\n      id\n      apiKeys {\n        ...ApiKeyFields\n      }\n    }\n  }\n": typeof types.ApiKeysDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...ApiKeyFields\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RevokeApiKeyDocument,
    "\n  query DownloadLink($id: ID!, $disposition: Disposition!, $seconds: Int) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition, expiresInSeconds: $seconds) {\n        url\n      }\n    }\n  }\n": typeof types.DownloadLinkDocument,
    "\n  query Upload($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n      checksum {\n        algorithm\n        value\n      }\n      processingError\n      media {\n        frameRate\n        videoCodec\n        audioCodec\n        capturedAt\n        camera\n        hasLocation\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        width\n        height\n        expiresAt\n      }\n      download(disposition: INLINE, expiresInSeconds: 3600) {\n        url\n        expiresAt\n      }\n    }\n  }\n": typeof types.UploadDocument,
    "\n  query Uploads($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": typeof types.UploadsDocument,
    "\n  mutation DeleteUpload($id: ID!) {\n    deleteUpload(id: $id) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.DeleteUploadDocument,
    "\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n": typeof types.PendingStatusDocument,
    "\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UpdateUploadDocument,
    "\n  mutation RefreshSession {\n    refreshSession(input: { tokenDelivery: COOKIE }) {\n      __typename\n      ... on Session {\n        ...SessionFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RefreshSessionDocument,
    "\n  fragment SessionFields on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n": typeof types.SessionFieldsFragmentDoc,
    "\n  query Usage {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n": typeof types.UsageDocument,
    "\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      pendingTtlSeconds\n    }\n  }\n": typeof types.UploadLimitsDocument,
};
const documents: Documents = {
    "\n  fragment UserSessionFields on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n": types.UserSessionFieldsFragmentDoc,
    "\n  query Sessions {\n    viewer {\n      id\n      sessions {\n        ...UserSessionFields\n      }\n    }\n  }\n": types.SessionsDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n": types.EndSessionDocument,
    "\n  mutation Login($username: String!, $password: String!) {\n    login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.LoginDocument,
    "\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n": types.LogoutDocument,
    "\n  mutation SignUp($username: String!, $password: String!, $email: String) {\n    signUp(\n      input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n    ) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.SignUpDocument,
    "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CancelUploadDocument,
    "\n  mutation CompleteUpload($id: ID!) {\n    completeUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...UploadFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CompleteUploadDocument,
    "\n  fragment PartFields on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n": types.PartFieldsFragmentDoc,
    "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...PartFields\n        }\n      }\n    }\n  }\n": types.SignPartsDocument,
    "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n": types.ReceivedPartsDocument,
    "\n  mutation RequestUploads($inputs: [RequestUploadInput!]!, $withParts: Boolean!) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          ...UploadFields\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RequestUploadsDocument,
    "\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": types.UploadFieldsFragmentDoc,
    "\n  fragment ApiKeyFields on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n": types.ApiKeyFieldsFragmentDoc,
    "\n  query ApiKeys {\n    viewer {\n      id\n      apiKeys {\n        ...ApiKeyFields\n      }\n    }\n  }\n": types.ApiKeysDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...ApiKeyFields\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RevokeApiKeyDocument,
    "\n  query DownloadLink($id: ID!, $disposition: Disposition!, $seconds: Int) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition, expiresInSeconds: $seconds) {\n        url\n      }\n    }\n  }\n": types.DownloadLinkDocument,
    "\n  query Upload($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n      checksum {\n        algorithm\n        value\n      }\n      processingError\n      media {\n        frameRate\n        videoCodec\n        audioCodec\n        capturedAt\n        camera\n        hasLocation\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        width\n        height\n        expiresAt\n      }\n      download(disposition: INLINE, expiresInSeconds: 3600) {\n        url\n        expiresAt\n      }\n    }\n  }\n": types.UploadDocument,
    "\n  query Uploads($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": types.UploadsDocument,
    "\n  mutation DeleteUpload($id: ID!) {\n    deleteUpload(id: $id) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.DeleteUploadDocument,
    "\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n": types.PendingStatusDocument,
    "\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UpdateUploadDocument,
    "\n  mutation RefreshSession {\n    refreshSession(input: { tokenDelivery: COOKIE }) {\n      __typename\n      ... on Session {\n        ...SessionFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RefreshSessionDocument,
    "\n  fragment SessionFields on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n": types.SessionFieldsFragmentDoc,
    "\n  query Usage {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n": types.UsageDocument,
    "\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      pendingTtlSeconds\n    }\n  }\n": types.UploadLimitsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UserSessionFields on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n"): (typeof documents)["\n  fragment UserSessionFields on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sessions {\n    viewer {\n      id\n      sessions {\n        ...UserSessionFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query Sessions {\n    viewer {\n      id\n      sessions {\n        ...UserSessionFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n"): (typeof documents)["\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Login($username: String!, $password: String!) {\n    login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Login($username: String!, $password: String!) {\n    login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n"): (typeof documents)["\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignUp($username: String!, $password: String!, $email: String) {\n    signUp(\n      input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n    ) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignUp($username: String!, $password: String!, $email: String) {\n    signUp(\n      input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n    ) {\n      ... on Session {\n        ...SessionFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteUpload($id: ID!) {\n    completeUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...UploadFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CompleteUpload($id: ID!) {\n    completeUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...UploadFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PartFields on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n"): (typeof documents)["\n  fragment PartFields on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...PartFields\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...PartFields\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestUploads($inputs: [RequestUploadInput!]!, $withParts: Boolean!) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          ...UploadFields\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RequestUploads($inputs: [RequestUploadInput!]!, $withParts: Boolean!) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          ...UploadFields\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiKeyFields on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n"): (typeof documents)["\n  fragment ApiKeyFields on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiKeys {\n    viewer {\n      id\n      apiKeys {\n        ...ApiKeyFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiKeys {\n    viewer {\n      id\n      apiKeys {\n        ...ApiKeyFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...ApiKeyFields\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...ApiKeyFields\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DownloadLink($id: ID!, $disposition: Disposition!, $seconds: Int) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition, expiresInSeconds: $seconds) {\n        url\n      }\n    }\n  }\n"): (typeof documents)["\n  query DownloadLink($id: ID!, $disposition: Disposition!, $seconds: Int) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition, expiresInSeconds: $seconds) {\n        url\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Upload($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n      checksum {\n        algorithm\n        value\n      }\n      processingError\n      media {\n        frameRate\n        videoCodec\n        audioCodec\n        capturedAt\n        camera\n        hasLocation\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        width\n        height\n        expiresAt\n      }\n      download(disposition: INLINE, expiresInSeconds: 3600) {\n        url\n        expiresAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query Upload($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n      checksum {\n        algorithm\n        value\n      }\n      processingError\n      media {\n        frameRate\n        videoCodec\n        audioCodec\n        capturedAt\n        camera\n        hasLocation\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        width\n        height\n        expiresAt\n      }\n      download(disposition: INLINE, expiresInSeconds: 3600) {\n        url\n        expiresAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Uploads($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query Uploads($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteUpload($id: ID!) {\n    deleteUpload(id: $id) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteUpload($id: ID!) {\n    deleteUpload(id: $id) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n"): (typeof documents)["\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RefreshSession {\n    refreshSession(input: { tokenDelivery: COOKIE }) {\n      __typename\n      ... on Session {\n        ...SessionFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RefreshSession {\n    refreshSession(input: { tokenDelivery: COOKIE }) {\n      __typename\n      ... on Session {\n        ...SessionFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionFields on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n"): (typeof documents)["\n  fragment SessionFields on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Usage {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n"): (typeof documents)["\n  query Usage {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      pendingTtlSeconds\n    }\n  }\n"): (typeof documents)["\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      pendingTtlSeconds\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;