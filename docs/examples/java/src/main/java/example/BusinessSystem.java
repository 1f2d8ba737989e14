package example;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import net.minidev.json.JSONArray;
import net.minidev.json.JSONObject;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** A client with Spring Security. Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SCOPE, CLAIMS. */
@SpringBootApplication
@RestController
public class BusinessSystem {
  private final OAuth2AuthorizedClientRepository tokens;

  BusinessSystem(OAuth2AuthorizedClientRepository tokens) {
    this.tokens = tokens;
  }

  public static void main(String[] args) {
    SpringApplication.run(BusinessSystem.class, args);
  }

  /** Code flow with PKCE, state, nonce and the checks of the ID token are Spring's own; so is back-channel logout. */
  @Bean
  SecurityFilterChain security(HttpSecurity http, ClientRegistrationRepository clients, @Value("${CLAIMS:}") String claims)
      throws Exception {
    var asking = new DefaultOAuth2AuthorizationRequestResolver(clients, "/oauth2/authorization");
    asking.setAuthorizationRequestCustomizer(request -> request.additionalParameters(more -> {
      if (request.build().getScopes().contains("offline_access")) more.put("prompt", "consent");
      if (!claims.isEmpty()) more.put("claims", claims);
    }));
    var logout = new OidcClientInitiatedLogoutSuccessHandler(clients);
    logout.setPostLogoutRedirectUri("{baseUrl}/");
    return http
        .authorizeHttpRequests(requests -> requests.requestMatchers("/", "/error").permitAll().anyRequest().authenticated())
        .oauth2Login(login -> login
            .defaultSuccessUrl("/", true)
            .authorizationEndpoint(endpoint -> endpoint.authorizationRequestResolver(asking)))
        .oidcLogout(oidc -> oidc.backChannel(Customizer.withDefaults()))
        .logout(out -> out.logoutSuccessHandler(logout))
        .build();
  }

  @GetMapping(path = "/", produces = "text/html;charset=UTF-8")
  String home(@AuthenticationPrincipal OidcUser who, CsrfToken csrf) {
    var head = "<!doctype html><html lang=\"zh-CN\"><title>示例业务系统</title><h1>示例业务系统</h1>";
    if (who == null) return head + "<p><a href=\"/oauth2/authorization/platform\">登录</a></p>";
    return head
        + "<p id=\"name\">%s</p><p id=\"sub\">%s</p>".formatted(escaped(who.getUserInfo().getFullName()), escaped(who.getSubject()))
        + "<form method=\"post\" action=\"/logout\"><input type=\"hidden\" name=\"%s\" value=\"%s\">"
            .formatted(csrf.getParameterName(), csrf.getToken())
        + "<button>退出登录</button></form>";
  }

  /** The verification of the person and the verified claims (OpenID Connect for Identity Assurance 1.0), read by Nimbus. */
  @GetMapping(path = "/verified", produces = "application/json;charset=UTF-8")
  String verified(@AuthenticationPrincipal OidcUser who) throws ParseException {
    var read = new JSONArray();
    for (var claims : List.of(who.getUserInfo().getClaims(), who.getIdToken().getClaims())) {
      if (!claims.containsKey("verified_claims")) continue;
      var told = Map.of("sub", who.getSubject(), "verified_claims", claims.get("verified_claims"));
      for (var set : UserInfo.parse(JSONObject.toJSONString(told)).getVerifiedClaims()) read.add(set.toJSONObject());
    }
    return read.toJSONString();
  }

  /** Spring does this by itself when a token has expired. The refresh token of a client with a secret stays the same. */
  @PostMapping("/refresh")
  ResponseEntity<String> refresh(
      @RegisteredOAuth2AuthorizedClient("platform") OAuth2AuthorizedClient old, Authentication who,
      HttpServletRequest request, HttpServletResponse response) {
    var platform = old.getClientRegistration();
    var got = new RestClientRefreshTokenTokenResponseClient()
        .getTokenResponse(new OAuth2RefreshTokenGrantRequest(platform, old.getAccessToken(), old.getRefreshToken()));
    tokens.saveAuthorizedClient(
        new OAuth2AuthorizedClient(platform, who.getName(), got.getAccessToken(), got.getRefreshToken()), who, request, response);
    return ResponseEntity.ok("");
  }

  @ExceptionHandler
  ResponseEntity<String> refused(OAuth2AuthorizationException refusal) {
    return ResponseEntity.badRequest().body(refusal.getError().getErrorCode());
  }

  private static String escaped(String word) {
    return word == null ? "" : HtmlUtils.htmlEscape(word, "UTF-8");
  }
}
