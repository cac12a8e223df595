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
    "\n    mutation Login($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": typeof types.LoginDocument,
    "\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n": typeof types.LogoutDocument,
    "\n    query SignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  ": typeof types.SignInMethodsDocument,
    "\n    mutation SignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": typeof types.SignUpDocument,
    "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CancelUploadDocument,
    "\n  fragment SettledFields on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n": typeof types.SettledFieldsFragmentDoc,
    "\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...SettledFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...SettledFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CompleteUploadsDocument,
    "\n  fragment PartFields on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n": typeof types.PartFieldsFragmentDoc,
    "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...PartFields\n        }\n      }\n    }\n  }\n": typeof types.SignPartsDocument,
    "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n": typeof types.ReceivedPartsDocument,
    "\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...UploadFields @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RequestUploadsDocument,
    "\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": typeof types.UploadFieldsFragmentDoc,
    "\n  fragment ApiKeyFields on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n": typeof types.ApiKeyFieldsFragmentDoc,
    "\n  query ApiKeys {\n    viewer {\n      id\n      apiKeys {\n        ...ApiKeyFields\n      }\n    }\n  }\n": typeof types.ApiKeysDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...ApiKeyFields\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RevokeApiKeyDocument,
    "\n  query DownloadLink($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n": typeof types.DownloadLinkDocument,
    "\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        filename\n        size\n        status\n        tags\n        createdAt\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": typeof types.MatchingUploadsDocument,
    "\n  query LibraryPulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n": typeof types.LibraryPulseDocument,
    "\n  query Upload($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n      checksum {\n        algorithm\n        value\n      }\n      processingError\n      media {\n        frameRate\n        videoCodec\n        audioCodec\n        capturedAt\n        camera\n        hasLocation\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        width\n        height\n        expiresAt\n      }\n      download(disposition: INLINE, expiresInSeconds: 3600) {\n        url\n        expiresAt\n      }\n    }\n  }\n": typeof types.UploadDocument,
    "\n  query Uploads($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": typeof types.UploadsDocument,
    "\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n": typeof types.PendingStatusDocument,
    "\n  mutation UpdateUploads($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UpdateUploadsDocument,
    "\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UpdateUploadDocument,
    "\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  ": typeof types.IssuerViewerDocument,
    "\n    mutation RefreshSession {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": typeof types.RefreshSessionDocument,
    "\n  fragment SessionFields on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n": typeof types.SessionFieldsFragmentDoc,
    "\n  query Usage {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n": typeof types.UsageDocument,
    "\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.TrashUploadsDocument,
    "\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RestoreUploadsDocument,
    "\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.DeleteUploadsDocument,
    "\n  query Trash($after: String) {\n    uploads(\n      first: 100\n      after: $after\n      filter: { trashed: true }\n      orderBy: { field: CREATED_AT, direction: DESC }\n    ) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": typeof types.TrashDocument,
    "\n  query TrashedFiles($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": typeof types.TrashedFilesDocument,
    "\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n": typeof types.UploadLimitsDocument,
    "\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n": typeof types.ShareLinkDocument,
    "\n  query ZipLink($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n": typeof types.ZipLinkDocument,
};
const documents: Documents = {
    "\n  fragment UserSessionFields on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n": types.UserSessionFieldsFragmentDoc,
    "\n  query Sessions {\n    viewer {\n      id\n      sessions {\n        ...UserSessionFields\n      }\n    }\n  }\n": types.SessionsDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n": types.EndSessionDocument,
    "\n    mutation Login($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": types.LoginDocument,
    "\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n": types.LogoutDocument,
    "\n    query SignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  ": types.SignInMethodsDocument,
    "\n    mutation SignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": types.SignUpDocument,
    "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CancelUploadDocument,
    "\n  fragment SettledFields on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n": types.SettledFieldsFragmentDoc,
    "\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...SettledFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...SettledFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CompleteUploadsDocument,
    "\n  fragment PartFields on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n": types.PartFieldsFragmentDoc,
    "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...PartFields\n        }\n      }\n    }\n  }\n": types.SignPartsDocument,
    "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n": types.ReceivedPartsDocument,
    "\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...UploadFields @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RequestUploadsDocument,
    "\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": types.UploadFieldsFragmentDoc,
    "\n  fragment ApiKeyFields on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n": types.ApiKeyFieldsFragmentDoc,
    "\n  query ApiKeys {\n    viewer {\n      id\n      apiKeys {\n        ...ApiKeyFields\n      }\n    }\n  }\n": types.ApiKeysDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...ApiKeyFields\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RevokeApiKeyDocument,
    "\n  query DownloadLink($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n": types.DownloadLinkDocument,
    "\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        filename\n        size\n        status\n        tags\n        createdAt\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": types.MatchingUploadsDocument,
    "\n  query LibraryPulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n": types.LibraryPulseDocument,
    "\n  query Upload($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n      checksum {\n        algorithm\n        value\n      }\n      processingError\n      media {\n        frameRate\n        videoCodec\n        audioCodec\n        capturedAt\n        camera\n        hasLocation\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        width\n        height\n        expiresAt\n      }\n      download(disposition: INLINE, expiresInSeconds: 3600) {\n        url\n        expiresAt\n      }\n    }\n  }\n": types.UploadDocument,
    "\n  query Uploads($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": types.UploadsDocument,
    "\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n": types.PendingStatusDocument,
    "\n  mutation UpdateUploads($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UpdateUploadsDocument,
    "\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UpdateUploadDocument,
    "\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  ": types.IssuerViewerDocument,
    "\n    mutation RefreshSession {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": types.RefreshSessionDocument,
    "\n  fragment SessionFields on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n": types.SessionFieldsFragmentDoc,
    "\n  query Usage {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n": types.UsageDocument,
    "\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.TrashUploadsDocument,
    "\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RestoreUploadsDocument,
    "\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.DeleteUploadsDocument,
    "\n  query Trash($after: String) {\n    uploads(\n      first: 100\n      after: $after\n      filter: { trashed: true }\n      orderBy: { field: CREATED_AT, direction: DESC }\n    ) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": types.TrashDocument,
    "\n  query TrashedFiles($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": types.TrashedFilesDocument,
    "\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n": types.UploadLimitsDocument,
    "\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n": types.ShareLinkDocument,
    "\n  query ZipLink($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n": types.ZipLinkDocument,
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
export function graphql(source: "\n    mutation Login($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "): (typeof documents)["\n    mutation Login($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n"): (typeof documents)["\n  mutation Logout {\n    logout {\n      sessionsEnded\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query SignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  "): (typeof documents)["\n    query SignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation SignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "): (typeof documents)["\n    mutation SignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SettledFields on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n"): (typeof documents)["\n  fragment SettledFields on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...SettledFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...SettledFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...SettledFields\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...SettledFields\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...UploadFields @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...UploadFields @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...PartFields\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  fragment UploadFields on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"];
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
export function graphql(source: "\n  query DownloadLink($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n"): (typeof documents)["\n  query DownloadLink($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        filename\n        size\n        status\n        tags\n        createdAt\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        filename\n        size\n        status\n        tags\n        createdAt\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LibraryPulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query LibraryPulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n"];
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
export function graphql(source: "\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n"): (typeof documents)["\n  query PendingStatus($id: ID!) {\n    upload(id: $id) {\n      ...UploadFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateUploads($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateUploads($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  "): (typeof documents)["\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation RefreshSession {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "): (typeof documents)["\n    mutation RefreshSession {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...SessionFields\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "];
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
export function graphql(source: "\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...UploadFields\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Trash($after: String) {\n    uploads(\n      first: 100\n      after: $after\n      filter: { trashed: true }\n      orderBy: { field: CREATED_AT, direction: DESC }\n    ) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query Trash($after: String) {\n    uploads(\n      first: 100\n      after: $after\n      filter: { trashed: true }\n      orderBy: { field: CREATED_AT, direction: DESC }\n    ) {\n      edges {\n        cursor\n        node {\n          ...UploadFields\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TrashedFiles($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query TrashedFiles($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n"): (typeof documents)["\n  query UploadLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ZipLink($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query ZipLink($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;