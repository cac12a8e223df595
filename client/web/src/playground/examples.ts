/** The operations that the playground opens with; a test holds them against the schema. */
export const EXAMPLES: { query: string; variables?: string }[] = [
  {
    query: `# The newest files, and how to download them. The playground sends your session's token.
query Uploads {
  uploads(first: 10) {
    totalCount
    nodes {
      id
      filename
      size
      status
      tags
      download {
        url
      }
    }
  }
  viewer {
    username
    usage {
      bytes
      quotaBytes
    }
  }
}
`,
  },
  {
    query: `# Ask to upload a file. Send its parts to the URLs in the answer, then run completeUpload.
mutation RequestUpload($input: RequestUploadInput!) {
  requestUpload(input: $input) {
    ... on UploadTicket {
      upload {
        id
        transfer {
          partCount
          parts {
            number
            method
            url
            headers {
              name
              value
            }
          }
        }
      }
    }
    ... on UserError {
      code
      message
    }
  }
}
`,
    variables: `{
  "input": {
    "filename": "hello.txt",
    "contentType": "text/plain",
    "size": 5,
    "tags": ["demo"]
  }
}
`,
  },
  {
    query: `# For scripts: an access token for the Authorization header. Use your own name and password.
mutation Login($input: LoginInput!) {
  login(input: $input) {
    ... on Session {
      accessToken
      expiresAt
      user {
        id
        username
      }
    }
    ... on UserError {
      code
      message
    }
  }
}
`,
    variables: `{
  "input": {
    "username": "ada",
    "password": "",
    "tokenDelivery": "BODY"
  }
}
`,
  },
];
