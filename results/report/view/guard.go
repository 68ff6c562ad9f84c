package view

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// guard lets only requests through that a page of this server can make: GET and
// HEAD, for this address by its numbers, from no other site, with the token.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "frame-ancestors 'none'") // the page says the rest itself
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		origin := r.Header.Get("Origin")
		switch {
		case r.Host != s.host, origin != "" && origin != "http://"+s.host, len(r.Header.Values("Origin")) > 1,
			r.Method != http.MethodGet && r.Method != http.MethodHead:
			refuse(w, http.StatusForbidden)
		case !s.knows(r.URL.Path):
			refuse(w, http.StatusNotFound)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// knows reports whether a path begins with the token, in a time that does not depend
// on how much of it is right.
func (s *Server) knows(path string) bool {
	token, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

// refuse answers without a word why.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
}
