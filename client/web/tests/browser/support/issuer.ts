import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider from "oidc-provider";
import { freePort } from "./stack.ts";

export const AUDIENCE = "https://media.test/api";

/** A certified OpenID Connect server on loopback, with a client of the web client. */
export class Issuer {
  readonly url: string;
  #server: Server | undefined;
  #keys: JWK[] = [];

  private constructor(private readonly port: number) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async create(): Promise<Issuer> {
    return new Issuer(await freePort());
  }

  /** OIDC_ISSUERS for this issuer. */
  get settings(): string {
    return JSON.stringify([
      { name: "Acme", issuer: this.url, audience: AUDIENCE, clientId: "web" },
    ]);
  }

  /** Start it for a web client at this address. */
  async start(app: string, { refreshTokens = true, tokenSeconds = 300 } = {}): Promise<void> {
    while (this.#keys.length < 2) await this.#addKey();
    const provider = new Provider(this.url, {
      clients: [
        {
          client_id: "web",
          token_endpoint_auth_method: "none",
          grant_types: ["authorization_code", "refresh_token"],
          redirect_uris: [`${app}/login`],
          post_logout_redirect_uris: [`${app}/login`],
        },
      ],
      clientBasedCORS: () => true,
      cookies: { keys: ["of the tests"] },
      findAccount: (_ctx, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id}@example.com`, name: id }),
      }),
      issueRefreshToken: () => Promise.resolve(refreshTokens),
      jwks: { keys: this.#keys },
      pkce: { required: () => true },
      ttl: { AccessToken: tokenSeconds },
      features: {
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: "openid profile email",
            audience: AUDIENCE,
            accessTokenFormat: "jwt",
            accessTokenTTL: tokenSeconds,
            jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
    });
    const answer = provider.callback();
    const server = createServer((request, response) => void answer(request, response));
    this.#server = server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  /** Sign with the other key from the next start on. Both were published from the first start. */
  changeKey(): void {
    this.#keys.reverse();
  }

  async #addKey(): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const kid = `key ${Math.random()}`;
    this.#keys.push({ ...(await exportJWK(privateKey)), kid, use: "sig", alg: "RS256" });
  }
}
