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
    "\n  fragment SessionList_userSession on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n": typeof types.SessionList_userSessionFragmentDoc,
    "\n  query SessionsQuery {\n    viewer {\n      id\n      sessions {\n        id\n        current\n        lastUsedAt\n        ...SessionList_userSession\n      }\n    }\n  }\n": typeof types.SessionsQueryDocument,
    "\n  mutation UseChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UseChangePasswordDocument,
    "\n  mutation UseEndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n": typeof types.UseEndSessionDocument,
    "\n    mutation UseLogin($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": typeof types.UseLoginDocument,
    "\n  mutation UseLogout {\n    logout {\n      sessionsEnded\n    }\n  }\n": typeof types.UseLogoutDocument,
    "\n    query UseSignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  ": typeof types.UseSignInMethodsDocument,
    "\n    mutation UseSignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": typeof types.UseSignUpDocument,
    "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CancelUploadDocument,
    "\n  fragment completeUploads_upload on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n": typeof types.completeUploads_uploadFragmentDoc,
    "\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...completeUploads_upload @unmask\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CompleteUploadsDocument,
    "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n": typeof types.ReceivedPartsDocument,
    "\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...uploadFields_upload @unmask @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...signParts_partRequest @unmask\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RequestUploadsDocument,
    "\n  fragment signParts_partRequest on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n": typeof types.signParts_partRequestFragmentDoc,
    "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...signParts_partRequest @unmask\n        }\n      }\n    }\n  }\n": typeof types.SignPartsDocument,
    "\n  fragment uploadFields_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": typeof types.uploadFields_uploadFragmentDoc,
    "\n  fragment KeysPage_apiKey on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n": typeof types.KeysPage_apiKeyFragmentDoc,
    "\n  query ApiKeysQuery {\n    viewer {\n      id\n      apiKeys {\n        id\n        name\n        ...KeysPage_apiKey\n      }\n    }\n  }\n": typeof types.ApiKeysQueryDocument,
    "\n  mutation UseCreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...KeysPage_apiKey @unmask\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UseCreateApiKeyDocument,
    "\n  mutation UseRevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UseRevokeApiKeyDocument,
    "\n  fragment DetailsActions_upload on Upload {\n    id\n    filename\n    size\n    status\n    trashedAt\n    ...ShareLink_upload\n  }\n": typeof types.DetailsActions_uploadFragmentDoc,
    "\n  fragment DetailsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    ...facts_upload @unmask\n    ...LargePreview_upload\n    ...NameForm_upload\n    ...PendingActions_upload\n    ...StatusBadge_upload @unmask\n    ...LocationNote_upload\n    ...DetailsActions_upload\n  }\n": typeof types.DetailsPanel_uploadFragmentDoc,
    "\n  fragment LargePreview_upload on Upload {\n    id\n    filename\n    contentType\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n  }\n": typeof types.LargePreview_uploadFragmentDoc,
    "\n  fragment LocationNote_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n": typeof types.LocationNote_uploadFragmentDoc,
    "\n  fragment NameForm_upload on Upload {\n    id\n    filename\n    tags\n  }\n": typeof types.NameForm_uploadFragmentDoc,
    "\n  fragment PendingActions_upload on Upload {\n    id\n    filename\n    contentType\n    size\n  }\n": typeof types.PendingActions_uploadFragmentDoc,
    "\n  fragment Picture_upload on Upload {\n    id\n    media {\n      thumbhash\n    }\n  }\n": typeof types.Picture_uploadFragmentDoc,
    "\n  fragment Preview_upload on Upload {\n    id\n    filename\n    contentType\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n": typeof types.Preview_uploadFragmentDoc,
    "\n  fragment StatusBadge_upload on Upload {\n    id\n    filename\n    status\n  }\n": typeof types.StatusBadge_uploadFragmentDoc,
    "\n  fragment UploadGrid_upload on Upload {\n    id\n    filename\n    size\n    createdAt\n    status\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n": typeof types.UploadGrid_uploadFragmentDoc,
    "\n  fragment UploadTable_upload on Upload {\n    id\n    filename\n    contentType\n    tags\n    size\n    createdAt\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n": typeof types.UploadTable_uploadFragmentDoc,
    "\n  query Downloads($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n": typeof types.DownloadsDocument,
    "\n  fragment facts_upload on Upload {\n    id\n    processing\n    processingError\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    checksum {\n      algorithm\n      value\n    }\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      frameRate\n      videoCodec\n      audioCodec\n      capturedAt\n      camera\n    }\n  }\n": typeof types.facts_uploadFragmentDoc,
    "\n  fragment headlines_upload on Upload {\n    id\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": typeof types.headlines_uploadFragmentDoc,
    "\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        ...useChosen_upload @unmask\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": typeof types.MatchingUploadsDocument,
    "\n  query Pulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n": typeof types.PulseDocument,
    "\n  query UploadQuery($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      processing\n      ...uploadFields_upload\n      ...DetailsPanel_upload\n      ...useViewed_upload @unmask\n      ...FileViewer_upload\n    }\n  }\n": typeof types.UploadQueryDocument,
    "\n  query UploadsQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": typeof types.UploadsQueryDocument,
    "\n  fragment useChosen_upload on Upload {\n    id\n    filename\n    size\n    status\n    tags\n    createdAt\n  }\n": typeof types.useChosen_uploadFragmentDoc,
    "\n  query UsePendingStatuses($id: ID!) {\n    upload(id: $id) {\n      ...uploadFields_upload\n    }\n  }\n": typeof types.UsePendingStatusesDocument,
    "\n  fragment useSignedUrl_upload on Upload {\n    id\n    download(disposition: INLINE, expiresInSeconds: 3600) {\n      url\n      expiresAt\n    }\n  }\n": typeof types.useSignedUrl_uploadFragmentDoc,
    "\n  mutation UseUpdateTags($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UseUpdateTagsDocument,
    "\n  mutation UseUpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        id\n        filename\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UseUpdateUploadDocument,
    "\n  query UseUploads($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids @client\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": typeof types.UseUploadsDocument,
    "\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  ": typeof types.IssuerViewerDocument,
    "\n    mutation RefreshRequest {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": typeof types.RefreshRequestDocument,
    "\n  fragment sessionFields_session on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n": typeof types.sessionFields_sessionFragmentDoc,
    "\n  query UsageMeter {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n": typeof types.UsageMeterDocument,
    "\n  fragment TrashRow_upload on Upload {\n    id\n    filename\n    size\n    trashedAt\n    ...Preview_upload @unmask\n  }\n": typeof types.TrashRow_uploadFragmentDoc,
    "\n  query AllTrashed($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": typeof types.AllTrashedDocument,
    "\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.DeleteUploadsDocument,
    "\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RestoreUploadsDocument,
    "\n  query TrashQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": typeof types.TrashQueryDocument,
    "\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": typeof types.TrashUploadsDocument,
    "\n  query UseLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n": typeof types.UseLimitsDocument,
    "\n  fragment FactsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    createdAt\n    ...facts_upload @unmask\n    ...LocationNote_upload\n  }\n": typeof types.FactsPanel_uploadFragmentDoc,
    "\n  fragment FileViewer_upload on Upload {\n    id\n    filename\n    ...ViewerActions_upload\n    ...Stage_upload\n    ...FactsPanel_upload\n    ...ShareLink_upload\n  }\n": typeof types.FileViewer_uploadFragmentDoc,
    "\n  fragment ImageStage_upload on Upload {\n    id\n    filename\n    contentType\n    media {\n      width\n      height\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n": typeof types.ImageStage_uploadFragmentDoc,
    "\n  fragment OtherStage_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    status\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n": typeof types.OtherStage_uploadFragmentDoc,
    "\n  fragment PdfStage_upload on Upload {\n    id\n    filename\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n": typeof types.PdfStage_uploadFragmentDoc,
    "\n  fragment PlayerStage_upload on Upload {\n    id\n    filename\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n    ...OtherStage_upload\n  }\n": typeof types.PlayerStage_uploadFragmentDoc,
    "\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n": typeof types.ShareLinkDocument,
    "\n  fragment ShareLink_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n": typeof types.ShareLink_uploadFragmentDoc,
    "\n  fragment Stage_upload on Upload {\n    id\n    contentType\n    ...useSignedUrl_upload @unmask\n    ...ImageStage_upload\n    ...OtherStage_upload\n    ...PdfStage_upload\n    ...PlayerStage_upload\n    ...TextStage_upload\n  }\n": typeof types.Stage_uploadFragmentDoc,
    "\n  fragment TextStage_upload on Upload {\n    id\n    filename\n    size\n  }\n": typeof types.TextStage_uploadFragmentDoc,
    "\n  fragment ViewerActions_upload on Upload {\n    id\n    status\n  }\n": typeof types.ViewerActions_uploadFragmentDoc,
    "\n  query UseNeighbours($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids(status: STORED) @client\n    }\n  }\n": typeof types.UseNeighboursDocument,
    "\n  fragment useViewed_upload on Upload {\n    id\n    status\n    processing\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n  }\n": typeof types.useViewed_uploadFragmentDoc,
    "\n  query Links($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n": typeof types.LinksDocument,
};
const documents: Documents = {
    "\n  fragment SessionList_userSession on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n": types.SessionList_userSessionFragmentDoc,
    "\n  query SessionsQuery {\n    viewer {\n      id\n      sessions {\n        id\n        current\n        lastUsedAt\n        ...SessionList_userSession\n      }\n    }\n  }\n": types.SessionsQueryDocument,
    "\n  mutation UseChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UseChangePasswordDocument,
    "\n  mutation UseEndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n": types.UseEndSessionDocument,
    "\n    mutation UseLogin($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": types.UseLoginDocument,
    "\n  mutation UseLogout {\n    logout {\n      sessionsEnded\n    }\n  }\n": types.UseLogoutDocument,
    "\n    query UseSignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  ": types.UseSignInMethodsDocument,
    "\n    mutation UseSignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": types.UseSignUpDocument,
    "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CancelUploadDocument,
    "\n  fragment completeUploads_upload on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n": types.completeUploads_uploadFragmentDoc,
    "\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...completeUploads_upload @unmask\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.CompleteUploadsDocument,
    "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n": types.ReceivedPartsDocument,
    "\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...uploadFields_upload @unmask @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...signParts_partRequest @unmask\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RequestUploadsDocument,
    "\n  fragment signParts_partRequest on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n": types.signParts_partRequestFragmentDoc,
    "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...signParts_partRequest @unmask\n        }\n      }\n    }\n  }\n": types.SignPartsDocument,
    "\n  fragment uploadFields_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": types.uploadFields_uploadFragmentDoc,
    "\n  fragment KeysPage_apiKey on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n": types.KeysPage_apiKeyFragmentDoc,
    "\n  query ApiKeysQuery {\n    viewer {\n      id\n      apiKeys {\n        id\n        name\n        ...KeysPage_apiKey\n      }\n    }\n  }\n": types.ApiKeysQueryDocument,
    "\n  mutation UseCreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...KeysPage_apiKey @unmask\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UseCreateApiKeyDocument,
    "\n  mutation UseRevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UseRevokeApiKeyDocument,
    "\n  fragment DetailsActions_upload on Upload {\n    id\n    filename\n    size\n    status\n    trashedAt\n    ...ShareLink_upload\n  }\n": types.DetailsActions_uploadFragmentDoc,
    "\n  fragment DetailsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    ...facts_upload @unmask\n    ...LargePreview_upload\n    ...NameForm_upload\n    ...PendingActions_upload\n    ...StatusBadge_upload @unmask\n    ...LocationNote_upload\n    ...DetailsActions_upload\n  }\n": types.DetailsPanel_uploadFragmentDoc,
    "\n  fragment LargePreview_upload on Upload {\n    id\n    filename\n    contentType\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n  }\n": types.LargePreview_uploadFragmentDoc,
    "\n  fragment LocationNote_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n": types.LocationNote_uploadFragmentDoc,
    "\n  fragment NameForm_upload on Upload {\n    id\n    filename\n    tags\n  }\n": types.NameForm_uploadFragmentDoc,
    "\n  fragment PendingActions_upload on Upload {\n    id\n    filename\n    contentType\n    size\n  }\n": types.PendingActions_uploadFragmentDoc,
    "\n  fragment Picture_upload on Upload {\n    id\n    media {\n      thumbhash\n    }\n  }\n": types.Picture_uploadFragmentDoc,
    "\n  fragment Preview_upload on Upload {\n    id\n    filename\n    contentType\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n": types.Preview_uploadFragmentDoc,
    "\n  fragment StatusBadge_upload on Upload {\n    id\n    filename\n    status\n  }\n": types.StatusBadge_uploadFragmentDoc,
    "\n  fragment UploadGrid_upload on Upload {\n    id\n    filename\n    size\n    createdAt\n    status\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n": types.UploadGrid_uploadFragmentDoc,
    "\n  fragment UploadTable_upload on Upload {\n    id\n    filename\n    contentType\n    tags\n    size\n    createdAt\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n": types.UploadTable_uploadFragmentDoc,
    "\n  query Downloads($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n": types.DownloadsDocument,
    "\n  fragment facts_upload on Upload {\n    id\n    processing\n    processingError\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    checksum {\n      algorithm\n      value\n    }\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      frameRate\n      videoCodec\n      audioCodec\n      capturedAt\n      camera\n    }\n  }\n": types.facts_uploadFragmentDoc,
    "\n  fragment headlines_upload on Upload {\n    id\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n": types.headlines_uploadFragmentDoc,
    "\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        ...useChosen_upload @unmask\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": types.MatchingUploadsDocument,
    "\n  query Pulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n": types.PulseDocument,
    "\n  query UploadQuery($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      processing\n      ...uploadFields_upload\n      ...DetailsPanel_upload\n      ...useViewed_upload @unmask\n      ...FileViewer_upload\n    }\n  }\n": types.UploadQueryDocument,
    "\n  query UploadsQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": types.UploadsQueryDocument,
    "\n  fragment useChosen_upload on Upload {\n    id\n    filename\n    size\n    status\n    tags\n    createdAt\n  }\n": types.useChosen_uploadFragmentDoc,
    "\n  query UsePendingStatuses($id: ID!) {\n    upload(id: $id) {\n      ...uploadFields_upload\n    }\n  }\n": types.UsePendingStatusesDocument,
    "\n  fragment useSignedUrl_upload on Upload {\n    id\n    download(disposition: INLINE, expiresInSeconds: 3600) {\n      url\n      expiresAt\n    }\n  }\n": types.useSignedUrl_uploadFragmentDoc,
    "\n  mutation UseUpdateTags($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UseUpdateTagsDocument,
    "\n  mutation UseUpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        id\n        filename\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.UseUpdateUploadDocument,
    "\n  query UseUploads($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids @client\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": types.UseUploadsDocument,
    "\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  ": types.IssuerViewerDocument,
    "\n    mutation RefreshRequest {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  ": types.RefreshRequestDocument,
    "\n  fragment sessionFields_session on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n": types.sessionFields_sessionFragmentDoc,
    "\n  query UsageMeter {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n": types.UsageMeterDocument,
    "\n  fragment TrashRow_upload on Upload {\n    id\n    filename\n    size\n    trashedAt\n    ...Preview_upload @unmask\n  }\n": types.TrashRow_uploadFragmentDoc,
    "\n  query AllTrashed($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n": types.AllTrashedDocument,
    "\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.DeleteUploadsDocument,
    "\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.RestoreUploadsDocument,
    "\n  query TrashQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n": types.TrashQueryDocument,
    "\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n": types.TrashUploadsDocument,
    "\n  query UseLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n": types.UseLimitsDocument,
    "\n  fragment FactsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    createdAt\n    ...facts_upload @unmask\n    ...LocationNote_upload\n  }\n": types.FactsPanel_uploadFragmentDoc,
    "\n  fragment FileViewer_upload on Upload {\n    id\n    filename\n    ...ViewerActions_upload\n    ...Stage_upload\n    ...FactsPanel_upload\n    ...ShareLink_upload\n  }\n": types.FileViewer_uploadFragmentDoc,
    "\n  fragment ImageStage_upload on Upload {\n    id\n    filename\n    contentType\n    media {\n      width\n      height\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n": types.ImageStage_uploadFragmentDoc,
    "\n  fragment OtherStage_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    status\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n": types.OtherStage_uploadFragmentDoc,
    "\n  fragment PdfStage_upload on Upload {\n    id\n    filename\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n": types.PdfStage_uploadFragmentDoc,
    "\n  fragment PlayerStage_upload on Upload {\n    id\n    filename\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n    ...OtherStage_upload\n  }\n": types.PlayerStage_uploadFragmentDoc,
    "\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n": types.ShareLinkDocument,
    "\n  fragment ShareLink_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n": types.ShareLink_uploadFragmentDoc,
    "\n  fragment Stage_upload on Upload {\n    id\n    contentType\n    ...useSignedUrl_upload @unmask\n    ...ImageStage_upload\n    ...OtherStage_upload\n    ...PdfStage_upload\n    ...PlayerStage_upload\n    ...TextStage_upload\n  }\n": types.Stage_uploadFragmentDoc,
    "\n  fragment TextStage_upload on Upload {\n    id\n    filename\n    size\n  }\n": types.TextStage_uploadFragmentDoc,
    "\n  fragment ViewerActions_upload on Upload {\n    id\n    status\n  }\n": types.ViewerActions_uploadFragmentDoc,
    "\n  query UseNeighbours($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids(status: STORED) @client\n    }\n  }\n": types.UseNeighboursDocument,
    "\n  fragment useViewed_upload on Upload {\n    id\n    status\n    processing\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n  }\n": types.useViewed_uploadFragmentDoc,
    "\n  query Links($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n": types.LinksDocument,
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
export function graphql(source: "\n  fragment SessionList_userSession on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n"): (typeof documents)["\n  fragment SessionList_userSession on UserSession {\n    id\n    current\n    createdAt\n    lastUsedAt\n    userAgent\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionsQuery {\n    viewer {\n      id\n      sessions {\n        id\n        current\n        lastUsedAt\n        ...SessionList_userSession\n      }\n    }\n  }\n"): (typeof documents)["\n  query SessionsQuery {\n    viewer {\n      id\n      sessions {\n        id\n        current\n        lastUsedAt\n        ...SessionList_userSession\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UseChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UseChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on PasswordChanged {\n        sessionsEnded\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UseEndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n"): (typeof documents)["\n  mutation UseEndSession($id: ID!) {\n    endSession(id: $id) {\n      sessionsEnded\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation UseLogin($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "): (typeof documents)["\n    mutation UseLogin($username: String!, $password: String!) {\n      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UseLogout {\n    logout {\n      sessionsEnded\n    }\n  }\n"): (typeof documents)["\n  mutation UseLogout {\n    logout {\n      sessionsEnded\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query UseSignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  "): (typeof documents)["\n    query UseSignInMethods {\n      signInMethods {\n        passwords\n        signUp\n        issuers {\n          name\n          issuer\n          clientId\n        }\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation UseSignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "): (typeof documents)["\n    mutation UseSignUp($username: String!, $password: String!, $email: String) {\n      signUp(\n        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }\n      ) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on InvalidInput {\n          fields {\n            path\n            message\n          }\n        }\n        ... on TooManyAttempts {\n          retryAfterSeconds\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelUpload($id: ID!) {\n    cancelUpload(id: $id) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment completeUploads_upload on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n"): (typeof documents)["\n  fragment completeUploads_upload on Upload {\n    id\n    status\n    statusReason\n    storedAt\n    expiresAt\n    processing\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...completeUploads_upload @unmask\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CompleteUploads($ids: [ID!]!) {\n    completeUploads(ids: $ids) {\n      ... on Upload {\n        ...completeUploads_upload @unmask\n      }\n      ... on UploadIncomplete {\n        missingParts\n      }\n      ... on UploadRejected {\n        upload {\n          ...completeUploads_upload @unmask\n        }\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReceivedParts($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      size\n      transfer {\n        partSize\n        partCount\n        received {\n          number\n          size\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...uploadFields_upload @unmask @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...signParts_partRequest @unmask\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RequestUploads(\n    $inputs: [RequestUploadInput!]!\n    $withParts: Boolean!\n    $listed: Boolean!\n  ) {\n    requestUploads(input: $inputs) {\n      ... on UploadTicket {\n        created\n        upload {\n          id\n          status\n          ...uploadFields_upload @unmask @include(if: $listed)\n          transfer {\n            partSize\n            partCount\n            parts(select: [{ number: 1 }]) @include(if: $withParts) {\n              ...signParts_partRequest @unmask\n            }\n          }\n        }\n      }\n      ... on FileTooLarge {\n        maxUploadBytes\n      }\n      ... on UnsupportedMediaType {\n        contentTypes\n      }\n      ... on QuotaExceeded {\n        availableBytes\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment signParts_partRequest on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n"): (typeof documents)["\n  fragment signParts_partRequest on PartRequest {\n    number\n    offset\n    size\n    method\n    url\n    headers {\n      name\n      value\n    }\n    expiresAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...signParts_partRequest @unmask\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query SignParts($id: ID!, $parts: [PartInput!]!) {\n    upload(id: $id) {\n      id\n      status\n      transfer {\n        parts(select: $parts) {\n          ...signParts_partRequest @unmask\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment uploadFields_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  fragment uploadFields_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    trashedAt\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      thumbhash\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KeysPage_apiKey on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n"): (typeof documents)["\n  fragment KeysPage_apiKey on ApiKey {\n    id\n    name\n    createdAt\n    expiresAt\n    lastUsedAt\n    scope\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiKeysQuery {\n    viewer {\n      id\n      apiKeys {\n        id\n        name\n        ...KeysPage_apiKey\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiKeysQuery {\n    viewer {\n      id\n      apiKeys {\n        id\n        name\n        ...KeysPage_apiKey\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UseCreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...KeysPage_apiKey @unmask\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UseCreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on ApiKeyCreated {\n        token\n        apiKey {\n          ...KeysPage_apiKey @unmask\n        }\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on TooManyAttempts {\n        retryAfterSeconds\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UseRevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UseRevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      ... on ApiKeyRevoked {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DetailsActions_upload on Upload {\n    id\n    filename\n    size\n    status\n    trashedAt\n    ...ShareLink_upload\n  }\n"): (typeof documents)["\n  fragment DetailsActions_upload on Upload {\n    id\n    filename\n    size\n    status\n    trashedAt\n    ...ShareLink_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DetailsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    ...facts_upload @unmask\n    ...LargePreview_upload\n    ...NameForm_upload\n    ...PendingActions_upload\n    ...StatusBadge_upload @unmask\n    ...LocationNote_upload\n    ...DetailsActions_upload\n  }\n"): (typeof documents)["\n  fragment DetailsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    status\n    statusReason\n    createdAt\n    storedAt\n    expiresAt\n    ...facts_upload @unmask\n    ...LargePreview_upload\n    ...NameForm_upload\n    ...PendingActions_upload\n    ...StatusBadge_upload @unmask\n    ...LocationNote_upload\n    ...DetailsActions_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LargePreview_upload on Upload {\n    id\n    filename\n    contentType\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n  }\n"): (typeof documents)["\n  fragment LargePreview_upload on Upload {\n    id\n    filename\n    contentType\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LocationNote_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n"): (typeof documents)["\n  fragment LocationNote_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment NameForm_upload on Upload {\n    id\n    filename\n    tags\n  }\n"): (typeof documents)["\n  fragment NameForm_upload on Upload {\n    id\n    filename\n    tags\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PendingActions_upload on Upload {\n    id\n    filename\n    contentType\n    size\n  }\n"): (typeof documents)["\n  fragment PendingActions_upload on Upload {\n    id\n    filename\n    contentType\n    size\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Picture_upload on Upload {\n    id\n    media {\n      thumbhash\n    }\n  }\n"): (typeof documents)["\n  fragment Picture_upload on Upload {\n    id\n    media {\n      thumbhash\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Preview_upload on Upload {\n    id\n    filename\n    contentType\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n"): (typeof documents)["\n  fragment Preview_upload on Upload {\n    id\n    filename\n    contentType\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StatusBadge_upload on Upload {\n    id\n    filename\n    status\n  }\n"): (typeof documents)["\n  fragment StatusBadge_upload on Upload {\n    id\n    filename\n    status\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UploadGrid_upload on Upload {\n    id\n    filename\n    size\n    createdAt\n    status\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n"): (typeof documents)["\n  fragment UploadGrid_upload on Upload {\n    id\n    filename\n    size\n    createdAt\n    status\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UploadTable_upload on Upload {\n    id\n    filename\n    contentType\n    tags\n    size\n    createdAt\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n"): (typeof documents)["\n  fragment UploadTable_upload on Upload {\n    id\n    filename\n    contentType\n    tags\n    size\n    createdAt\n    ...headlines_upload @unmask\n    ...Preview_upload @unmask\n    ...StatusBadge_upload @unmask\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Downloads($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n"): (typeof documents)["\n  query Downloads($id: ID!, $disposition: Disposition!) {\n    upload(id: $id) {\n      id\n      download(disposition: $disposition) {\n        url\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment facts_upload on Upload {\n    id\n    processing\n    processingError\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    checksum {\n      algorithm\n      value\n    }\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      frameRate\n      videoCodec\n      audioCodec\n      capturedAt\n      camera\n    }\n  }\n"): (typeof documents)["\n  fragment facts_upload on Upload {\n    id\n    processing\n    processingError\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    checksum {\n      algorithm\n      value\n    }\n    media {\n      width\n      height\n      durationSeconds\n      pages\n      frameRate\n      videoCodec\n      audioCodec\n      capturedAt\n      camera\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment headlines_upload on Upload {\n    id\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  fragment headlines_upload on Upload {\n    id\n    processing\n    media {\n      width\n      height\n      durationSeconds\n      pages\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n      width\n      height\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        ...useChosen_upload @unmask\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        ...useChosen_upload @unmask\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Pulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query Pulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {\n    uploads(first: 10, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        status\n        processing\n      }\n      totalCount @include(if: $counted)\n    }\n    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UploadQuery($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      processing\n      ...uploadFields_upload\n      ...DetailsPanel_upload\n      ...useViewed_upload @unmask\n      ...FileViewer_upload\n    }\n  }\n"): (typeof documents)["\n  query UploadQuery($id: ID!) {\n    upload(id: $id) {\n      id\n      status\n      processing\n      ...uploadFields_upload\n      ...DetailsPanel_upload\n      ...useViewed_upload @unmask\n      ...FileViewer_upload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UploadsQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query UploadsQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment useChosen_upload on Upload {\n    id\n    filename\n    size\n    status\n    tags\n    createdAt\n  }\n"): (typeof documents)["\n  fragment useChosen_upload on Upload {\n    id\n    filename\n    size\n    status\n    tags\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UsePendingStatuses($id: ID!) {\n    upload(id: $id) {\n      ...uploadFields_upload\n    }\n  }\n"): (typeof documents)["\n  query UsePendingStatuses($id: ID!) {\n    upload(id: $id) {\n      ...uploadFields_upload\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment useSignedUrl_upload on Upload {\n    id\n    download(disposition: INLINE, expiresInSeconds: 3600) {\n      url\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  fragment useSignedUrl_upload on Upload {\n    id\n    download(disposition: INLINE, expiresInSeconds: 3600) {\n      url\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UseUpdateTags($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UseUpdateTags($input: [UpdateUploadInput!]!) {\n    updateUploads(input: $input) {\n      ... on Upload {\n        id\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UseUpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        id\n        filename\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UseUpdateUpload($input: UpdateUploadInput!) {\n    updateUpload(input: $input) {\n      ... on Upload {\n        id\n        filename\n        tags\n      }\n      ... on InvalidInput {\n        fields {\n          path\n          message\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UseUploads($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids @client\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query UseUploads($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids @client\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  "): (typeof documents)["\n    query IssuerViewer {\n      viewer {\n        id\n        username\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation RefreshRequest {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "): (typeof documents)["\n    mutation RefreshRequest {\n      refreshSession(input: { tokenDelivery: COOKIE }) {\n        __typename\n        ... on Session {\n          ...sessionFields_session\n        }\n        ... on UserError {\n          code\n          message\n        }\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment sessionFields_session on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n"): (typeof documents)["\n  fragment sessionFields_session on Session {\n    accessToken\n    expiresAt\n    user {\n      id\n      username\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UsageMeter {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n"): (typeof documents)["\n  query UsageMeter {\n    viewer {\n      id\n      usage {\n        bytes\n        uploads\n        quotaBytes\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TrashRow_upload on Upload {\n    id\n    filename\n    size\n    trashedAt\n    ...Preview_upload @unmask\n  }\n"): (typeof documents)["\n  fragment TrashRow_upload on Upload {\n    id\n    filename\n    size\n    trashedAt\n    ...Preview_upload @unmask\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AllTrashed($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query AllTrashed($after: String) {\n    uploads(first: 100, after: $after, filter: { trashed: true }) {\n      nodes {\n        id\n        filename\n        size\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteUploads($ids: [ID!]!) {\n    deleteUploads(ids: $ids) {\n      ... on UploadDeleted {\n        id\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreUploads($ids: [ID!]!) {\n    restoreUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TrashQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query TrashQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          id\n          ...uploadFields_upload\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation TrashUploads($ids: [ID!]!) {\n    trashUploads(ids: $ids) {\n      ... on Upload {\n        ...uploadFields_upload @unmask\n      }\n      ... on UploadClosed {\n        status\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UseLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n"): (typeof documents)["\n  query UseLimits {\n    uploadLimits {\n      maxUploadBytes\n      contentTypes\n      trashTtlSeconds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FactsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    createdAt\n    ...facts_upload @unmask\n    ...LocationNote_upload\n  }\n"): (typeof documents)["\n  fragment FactsPanel_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    tags\n    createdAt\n    ...facts_upload @unmask\n    ...LocationNote_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FileViewer_upload on Upload {\n    id\n    filename\n    ...ViewerActions_upload\n    ...Stage_upload\n    ...FactsPanel_upload\n    ...ShareLink_upload\n  }\n"): (typeof documents)["\n  fragment FileViewer_upload on Upload {\n    id\n    filename\n    ...ViewerActions_upload\n    ...Stage_upload\n    ...FactsPanel_upload\n    ...ShareLink_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ImageStage_upload on Upload {\n    id\n    filename\n    contentType\n    media {\n      width\n      height\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n"): (typeof documents)["\n  fragment ImageStage_upload on Upload {\n    id\n    filename\n    contentType\n    media {\n      width\n      height\n    }\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OtherStage_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    status\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n"): (typeof documents)["\n  fragment OtherStage_upload on Upload {\n    id\n    filename\n    contentType\n    size\n    status\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...headlines_upload @unmask\n    ...Picture_upload @unmask\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PdfStage_upload on Upload {\n    id\n    filename\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n"): (typeof documents)["\n  fragment PdfStage_upload on Upload {\n    id\n    filename\n    ...useSignedUrl_upload @unmask\n    ...OtherStage_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlayerStage_upload on Upload {\n    id\n    filename\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n    ...OtherStage_upload\n  }\n"): (typeof documents)["\n  fragment PlayerStage_upload on Upload {\n    id\n    filename\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n    ...Picture_upload @unmask\n    ...OtherStage_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query ShareLink($id: ID!, $seconds: Int!) {\n    upload(id: $id) {\n      id\n      download(disposition: INLINE, expiresInSeconds: $seconds) {\n        url\n        expiresAt\n      }\n      preview: rendition(name: PREVIEW) {\n        url\n        expiresAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ShareLink_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n"): (typeof documents)["\n  fragment ShareLink_upload on Upload {\n    id\n    media {\n      hasLocation\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Stage_upload on Upload {\n    id\n    contentType\n    ...useSignedUrl_upload @unmask\n    ...ImageStage_upload\n    ...OtherStage_upload\n    ...PdfStage_upload\n    ...PlayerStage_upload\n    ...TextStage_upload\n  }\n"): (typeof documents)["\n  fragment Stage_upload on Upload {\n    id\n    contentType\n    ...useSignedUrl_upload @unmask\n    ...ImageStage_upload\n    ...OtherStage_upload\n    ...PdfStage_upload\n    ...PlayerStage_upload\n    ...TextStage_upload\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TextStage_upload on Upload {\n    id\n    filename\n    size\n  }\n"): (typeof documents)["\n  fragment TextStage_upload on Upload {\n    id\n    filename\n    size\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ViewerActions_upload on Upload {\n    id\n    status\n  }\n"): (typeof documents)["\n  fragment ViewerActions_upload on Upload {\n    id\n    status\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UseNeighbours($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids(status: STORED) @client\n    }\n  }\n"): (typeof documents)["\n  query UseNeighbours($filter: UploadFilter, $orderBy: UploadOrder) {\n    uploads(filter: $filter, orderBy: $orderBy) {\n      ids(status: STORED) @client\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment useViewed_upload on Upload {\n    id\n    status\n    processing\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n  }\n"): (typeof documents)["\n  fragment useViewed_upload on Upload {\n    id\n    status\n    processing\n    thumbnail: rendition(name: THUMBNAIL) {\n      url\n    }\n    preview: rendition(name: PREVIEW) {\n      url\n      width\n      height\n      expiresAt\n    }\n    ...useSignedUrl_upload @unmask\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Links($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query Links($id: ID!) {\n    upload(id: $id) {\n      id\n      download(disposition: ATTACHMENT, expiresInSeconds: 900) {\n        url\n        expiresAt\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;