// A client with coreos/go-oidc. Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SCOPE.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// pending has to match when the person returns.
type pending struct{ nonce, verifier string }

type person struct {
	Name, Sub, sid, rawIDToken string
	token                      *oauth2.Token
}

// Pending logins, sessions, and the logout tokens that were received. Several processes need a database instead.
var (
	mutex    sync.Mutex
	onTheWay = map[string]pending{}
	signedIn = map[string]*person{}
	seen     = map[string]bool{}
)

var page = template.Must(template.New("page").Parse(`<!doctype html><html lang="zh-CN"><title>示例业务系统</title><h1>示例业务系统</h1>
{{if .}}<p id="name">{{.Name}}</p><p id="sub">{{.Sub}}</p>
<form method="post" action="/logout"><button>退出登录</button></form>
{{else}}<p><a href="/login">登录</a></p>{{end}}`))

func main() {
	port := or(os.Getenv("PORT"), "8080")
	base := "http://localhost:" + port
	provider, err := oidc.NewProvider(context.Background(), os.Getenv("ISSUER"))
	if err != nil {
		log.Fatal(err)
	}
	config := oauth2.Config{
		ClientID:     os.Getenv("CLIENT_ID"),
		ClientSecret: os.Getenv("CLIENT_SECRET"),
		Endpoint:     provider.Endpoint(),
		RedirectURL:  base + "/callback",
		Scopes:       strings.Fields(or(os.Getenv("SCOPE"), "openid profile")),
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: config.ClientID})
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		log.Fatal(err)
	}

	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page.Execute(w, find(r))
	})

	http.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) {
		state, kept := rand.Text(), pending{rand.Text(), oauth2.GenerateVerifier()}
		mutex.Lock()
		onTheWay[state] = kept
		mutex.Unlock()
		// Binds the answer to this browser.
		setCookie(w, "state", state)
		options := []oauth2.AuthCodeOption{oidc.Nonce(kept.nonce), oauth2.S256ChallengeOption(kept.verifier)}
		// Refresh tokens need the person's consent each time (OpenID Connect Core, 11).
		for _, scope := range config.Scopes {
			if scope == oidc.ScopeOfflineAccess {
				options = append(options, oauth2.SetAuthURLParam("prompt", "consent"))
			}
		}
		http.Redirect(w, r, config.AuthCodeURL(state, options...), http.StatusFound)
	})

	http.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) {
		state := r.FormValue("state")
		mutex.Lock()
		kept, known := onTheWay[state]
		delete(onTheWay, state)
		mutex.Unlock()
		if cookie, err := r.Cookie("go_state_" + port); !known || err != nil || cookie.Value != state {
			http.Error(w, "登录没有完成：state", http.StatusBadRequest)
			return
		}
		who, err := finish(r, config, provider, verifier, kept)
		if err != nil {
			http.Error(w, "登录没有完成："+reason(err), http.StatusBadRequest)
			return
		}
		id := rand.Text()
		mutex.Lock()
		signedIn[id] = who
		mutex.Unlock()
		setCookie(w, "session", id)
		http.Redirect(w, r, "/", http.StatusFound)
	})

	http.HandleFunc("POST /refresh", func(w http.ResponseWriter, r *http.Request) {
		who := find(r)
		if who == nil {
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		// The refresh token of a client with a secret stays the same; the answer repeats it.
		token, err := config.TokenSource(r.Context(), &oauth2.Token{RefreshToken: who.token.RefreshToken}).Token()
		if err != nil {
			http.Error(w, reason(err), http.StatusBadRequest)
			return
		}
		who.token = token
		if _, err := provider.UserInfo(r.Context(), oauth2.StaticTokenSource(token)); err != nil {
			http.Error(w, "userinfo", http.StatusBadGateway)
			return
		}
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})

	http.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) {
		who := find(r)
		if who == nil {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		end(func(other *person) bool { return other == who })
		query := url.Values{"id_token_hint": {who.rawIDToken}, "post_logout_redirect_uri": {base + "/"}}
		http.Redirect(w, r, more.EndSession+"?"+query.Encode(), http.StatusSeeOther)
	})

	// The platform reports that a person signed out elsewhere (Back-Channel Logout 1.0, 2.6).
	http.HandleFunc("POST /backchannel-logout", func(w http.ResponseWriter, r *http.Request) {
		message, err := verifier.VerifyLogout(r.Context(), r.PostFormValue("logout_token"))
		if err != nil || time.Since(message.IssuedAt) > 2*time.Minute || !isNew(message.TokenID) {
			http.Error(w, `{"error":"invalid_request"}`, http.StatusBadRequest)
			return
		}
		end(func(who *person) bool {
			return (message.SessionID == "" || who.sid == message.SessionID) &&
				(message.Subject == "" || who.Sub == message.Subject)
		})
	})

	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}

func finish(r *http.Request, config oauth2.Config, provider *oidc.Provider, verifier *oidc.IDTokenVerifier, kept pending) (*person, error) {
	if refused := r.FormValue("error"); refused != "" {
		return nil, errors.New(refused)
	}
	token, err := config.Exchange(r.Context(), r.FormValue("code"), oauth2.VerifierOption(kept.verifier))
	if err != nil {
		return nil, err
	}
	raw, _ := token.Extra("id_token").(string)
	// Checks signature, iss, aud and exp; nonce and at_hash are checked here.
	idToken, err := verifier.Verify(r.Context(), raw)
	if err != nil {
		return nil, err
	}
	if idToken.Nonce != kept.nonce {
		return nil, errors.New("nonce")
	}
	if err := idToken.VerifyAccessToken(token.AccessToken); err != nil && idToken.AccessTokenHash != "" {
		return nil, err
	}
	userinfo, err := provider.UserInfo(r.Context(), oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, err
	}
	if userinfo.Subject != idToken.Subject {
		return nil, errors.New("sub")
	}
	var claims struct {
		Name string `json:"name"`
		Sid  string `json:"sid"`
	}
	if err := errors.Join(userinfo.Claims(&claims), idToken.Claims(&claims)); err != nil {
		return nil, err
	}
	return &person{claims.Name, idToken.Subject, claims.Sid, raw, token}, nil
}

// reason is the error code of an answer; it contains no personal data.
func reason(err error) string {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return refused.ErrorCode
	}
	return "id_token"
}

func find(r *http.Request) *person {
	cookie, err := r.Cookie("go_session_" + or(os.Getenv("PORT"), "8080"))
	if err != nil {
		return nil
	}
	mutex.Lock()
	defer mutex.Unlock()
	return signedIn[cookie.Value]
}

func end(isEnded func(*person) bool) {
	mutex.Lock()
	defer mutex.Unlock()
	for id, who := range signedIn {
		if isEnded(who) {
			delete(signedIn, id)
		}
	}
}

func isNew(tokenID string) bool {
	mutex.Lock()
	defer mutex.Unlock()
	known := seen[tokenID]
	seen[tokenID] = true
	return !known
}

func setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: "go_" + name + "_" + or(os.Getenv("PORT"), "8080"), Value: value,
		Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func or(value, usual string) string {
	if value == "" {
		return usual
	}
	return value
}
