package example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** A business system with Spring Security. Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SCOPE. */
@SpringBootApplication
@RestController
public class BusinessSystem {
  public static void main(String[] args) {
    SpringApplication.run(BusinessSystem.class, args);
  }

  /** Code flow with PKCE, state, nonce and the checks of the ID token are Spring's own; so is back-channel logout. */
  @Bean
  SecurityFilterChain security(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
    var logout = new OidcClientInitiatedLogoutSuccessHandler(clients);
    logout.setPostLogoutRedirectUri("{baseUrl}/");
    return http
        .authorizeHttpRequests(requests -> requests.requestMatchers("/", "/error").permitAll().anyRequest().authenticated())
        .oauth2Login(login -> login.defaultSuccessUrl("/", true))
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

  private static String escaped(String word) {
    return word == null ? "" : HtmlUtils.htmlEscape(word, "UTF-8");
  }
}
