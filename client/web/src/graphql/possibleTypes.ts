
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "CancelUploadResult": [
      "Upload",
      "UploadClosed",
      "UploadNotFound"
    ],
    "ChangePasswordResult": [
      "InvalidCredentials",
      "InvalidInput",
      "PasswordChanged",
      "TooManyAttempts"
    ],
    "CompleteUploadResult": [
      "Upload",
      "UploadClosed",
      "UploadIncomplete",
      "UploadNotFound",
      "UploadRejected"
    ],
    "CreateApiKeyResult": [
      "ApiKeyCreated",
      "InvalidCredentials",
      "InvalidInput",
      "TooManyAttempts"
    ],
    "DeleteUploadResult": [
      "UploadDeleted",
      "UploadNotFound"
    ],
    "LoginResult": [
      "InvalidCredentials",
      "Session",
      "TooManyAttempts"
    ],
    "RefreshSessionResult": [
      "InvalidSession",
      "Session"
    ],
    "RequestUploadResult": [
      "ClientTokenReused",
      "FileTooLarge",
      "InvalidInput",
      "QuotaExceeded",
      "UnsupportedMediaType",
      "UploadTicket"
    ],
    "RestoreUploadResult": [
      "Upload",
      "UploadNotFound"
    ],
    "RevokeApiKeyResult": [
      "ApiKeyNotFound",
      "ApiKeyRevoked"
    ],
    "SignUpResult": [
      "InvalidInput",
      "Session",
      "TooManyAttempts",
      "UsernameTaken"
    ],
    "TrashUploadResult": [
      "Upload",
      "UploadClosed",
      "UploadNotFound"
    ],
    "UpdateUploadResult": [
      "InvalidInput",
      "Upload",
      "UploadNotFound"
    ],
    "UserError": [
      "ApiKeyNotFound",
      "ClientTokenReused",
      "FileTooLarge",
      "InvalidCredentials",
      "InvalidInput",
      "InvalidSession",
      "QuotaExceeded",
      "TooManyAttempts",
      "UnsupportedMediaType",
      "UploadClosed",
      "UploadIncomplete",
      "UploadNotFound",
      "UploadRejected",
      "UsernameTaken"
    ]
  }
};
      export default result;
    