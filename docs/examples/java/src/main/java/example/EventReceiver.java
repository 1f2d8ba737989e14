package example;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A receiver of events that polls (RFC 8936). Settings: ISSUER, CLIENT_ID, CLIENT_SECRET. */
public final class EventReceiver {
    private static final String ISSUER = System.getenv("ISSUER");
    private static final String CLIENT_ID = System.getenv("CLIENT_ID");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static String token = "";

    public static void main(String[] args) throws Exception {
        URI issuer = URI.create(ISSUER);
        URI metadata = issuer.resolve("/.well-known/ssf-configuration" + issuer.getPath());
        Map<String, Object> transmitter = JSONObjectUtils.parse(call("GET", metadata.toString(), "").body());
        var keys = JWKSourceBuilder.create(URI.create(transmitter.get("jwks_uri").toString()).toURL()).build();
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("secevent+jwt")));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
        var expected = new JWTClaimsSet.Builder().issuer(ISSUER).build();
        processor.setJWTClaimsSetVerifier(
                new DefaultJWTClaimsVerifier<>(CLIENT_ID, expected, Set.of("jti", "iat", "sub_id", "events")));

        // A client has one stream: 409 means that it exists.
        String configuration = transmitter.get("configuration_endpoint").toString();
        call("POST", configuration, "{\"delivery\":{\"method\":\"urn:ietf:rfc:8936\"}}");
        var stream = (Map<?, ?>) JSONArrayUtils.parse(call("GET", configuration, "").body()).get(0);
        var endpoint = ((Map<?, ?>) stream.get("delivery")).get("endpoint_url").toString();
        System.out.println("stream " + stream.get("stream_id"));

        List<String> ack = List.of();
        while (true) {
            // The answer comes as soon as there is an event, after five seconds at the latest.
            HttpResponse<String> answer = call("POST", endpoint, JSONObjectUtils.toJSONString(Map.of("ack", ack)));
            if (answer.statusCode() != 200) throw new IllegalStateException("status " + answer.statusCode());
            Map<String, Object> sets = JSONObjectUtils.getJSONObject(JSONObjectUtils.parse(answer.body()), "sets");
            for (Object set : sets.values()) {
                JWTClaimsSet claims = processor.process(set.toString(), null);
                Object sub = claims.getJSONObjectClaim("sub_id").get("sub");
                // Act here, e.g. end the local sessions of `sub`. An event can come twice: claims.getJWTID() tells.
                claims.getJSONObjectClaim("events").forEach((name, event) ->
                        System.out.println(name.substring(name.lastIndexOf('/') + 1) + " " + sub + " " + event));
            }
            ack = List.copyOf(sets.keySet());
        }
    }

    /** Calls the platform. An access token lasts for ten minutes, so a new one is requested when it is refused. */
    private static HttpResponse<String> call(String method, String address, String body) throws Exception {
        HttpResponse<String> response = send(method, address, body);
        if (response.statusCode() != 401) return response;
        String secret = CLIENT_ID + ":" + System.getenv("CLIENT_SECRET");
        HttpRequest request = HttpRequest.newBuilder(URI.create(ISSUER + "/token"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(secret.getBytes()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials&scope=ssf.manage"))
                .build();
        String answer = HTTP.send(request, BodyHandlers.ofString()).body();
        token = JSONObjectUtils.parse(answer).get("access_token").toString();
        return send(method, address, body);
    }

    private static HttpResponse<String> send(String method, String address, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
