import { graphql } from "../graphql/index.ts";

/** One upload with what the details panel and the viewer show. */
export const uploadQuery = graphql(`
  query UploadQuery($id: ID!) {
    upload(id: $id) {
      id
      status
      processing
      ...uploadFields_upload
      ...DetailsPanel_upload
      ...useViewed_upload @unmask
      ...FileViewer_upload
    }
  }
`);
