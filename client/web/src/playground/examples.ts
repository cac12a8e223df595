/** The operations that the playground opens with; a test validates them against the schema. */
export const EXAMPLES: { query: string; variables?: string }[] = [
  {
    query: `# List your newest uploads with their download URLs.
# The playground sends your session's access token.
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
    query: `# Request an upload. Send each part to its URL in the response, then run completeUpload.
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
    query: `# Get an access token for a script, which sends it in its Authorization header.
# Enter your own username and password.
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
