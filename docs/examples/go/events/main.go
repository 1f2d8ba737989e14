// A receiver of events that polls (RFC 8936). Settings: ISSUER, CLIENT_ID, CLIENT_SECRET.
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2/clientcredentials"
)

type metadata struct {
	JWKS   string `json:"jwks_uri"`
	Config string `json:"configuration_endpoint"`
}

type stream struct {
	ID       string `json:"stream_id"`
	Delivery struct {
		Endpoint string `json:"endpoint_url"`
	} `json:"delivery"`
}

type event struct {
	Subject struct {
		Sub string `json:"sub"`
	} `json:"sub_id"`
	Events map[string]json.RawMessage `json:"events"`
}

func main() {
	issuer, id := os.Getenv("ISSUER"), os.Getenv("CLIENT_ID")
	ctx := context.Background()
	// Requests a new access token when the present one expires.
	client := (&clientcredentials.Config{
		ClientID: id, ClientSecret: os.Getenv("CLIENT_SECRET"),
		TokenURL: issuer + "/token", Scopes: []string{"ssf.manage"},
	}).Client(ctx)

	address, err := url.Parse(issuer)
	check(err)
	address.Path = "/.well-known/ssf-configuration" + address.Path
	var transmitter metadata
	call(client, "GET", address.String(), nil, &transmitter)
	// A security event token has no `exp`.
	verifier := oidc.NewVerifier(issuer, oidc.NewRemoteKeySet(ctx, transmitter.JWKS),
		&oidc.Config{ClientID: id, SkipExpiryCheck: true, SupportedSigningAlgs: []string{"RS256"}})

	// A client has one stream: 409 means that it exists.
	poll := map[string]any{"delivery": map[string]string{"method": "urn:ietf:rfc:8936"}}
	call(client, "POST", transmitter.Config, poll, nil)
	var streams []stream
	call(client, "GET", transmitter.Config, nil, &streams)
	fmt.Println("stream", streams[0].ID)

	for ack := []string{}; ; {
		var answer struct{ Sets map[string]string }
		// The answer comes as soon as there is an event, after five seconds at the latest.
		call(client, "POST", streams[0].Delivery.Endpoint, map[string]any{"ack": ack}, &answer)
		ack = []string{}
		for jti, set := range answer.Sets {
			token, err := verifier.Verify(ctx, set)
			check(err)
			header, _ := base64.RawURLEncoding.DecodeString(strings.Split(set, ".")[0])
			if !strings.Contains(string(header), `"secevent+jwt"`) {
				log.Fatal("not an event")
			}
			var happened event
			check(token.Claims(&happened))
			for name, claims := range happened.Events {
				// Act here, e.g. end the local sessions of the subject. An event can come twice: `jti` tells.
				fmt.Println(name[strings.LastIndex(name, "/")+1:], happened.Subject.Sub, string(claims))
			}
			ack = append(ack, jti)
		}
	}
}

func call(client *http.Client, method, address string, body, answer any) {
	sent, err := json.Marshal(body)
	check(err)
	request, err := http.NewRequest(method, address, bytes.NewReader(sent))
	check(err)
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	check(err)
	defer response.Body.Close()
	if answer == nil {
		return
	}
	if response.StatusCode >= 300 {
		log.Fatal(response.Status)
	}
	check(json.NewDecoder(response.Body).Decode(answer))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
