// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// who is a set of roles. An admin may everything and stands in no set.
type who uint

const (
	kiosks who = 1 << iota
	counters
	managers
	displays
	public // also without login

	admins  = who(0) // nobody else
	staff   = counters | managers
	issuers = kiosks | staff
)

func (w who) has(r Role) bool {
	switch r {
	case RoleAdmin:
		return true
	case RoleKiosk:
		return w&kiosks != 0
	case RoleCounter:
		return w&counters != 0
	case RoleManager:
		return w&managers != 0
	case RoleDisplay:
		return w&displays != 0
	}
	return false
}

// rules says who may use which route. What is not here is not served. Handlers
// narrow this where it depends on the thing asked for: a counter works itself
// only, a kiosk sees its own tickets only.
func rules() map[string]who {
	return map[string]who{
		"GET /{$}":                            public,
		"GET /enter":                          public,
		"POST /enter":                         public,
		"POST /leave":                         public,
		"GET /hall":                           public,
		"GET /hall/board":                     public,
		"POST /hall/sound":                    displays,
		"GET /sound/{name}":                   public,
		"GET /read-aloud":                     kiosks,
		"GET /kiosk":                          issuers,
		"GET /kiosk/choices":                  issuers,
		"POST /kiosk/take":                    issuers,
		"GET /kiosk/ticket/{id}":              issuers,
		"GET /kiosk/ticket/{id}/state":        issuers,
		"POST /kiosk/ticket/{id}/reprint":     issuers,
		"GET /feedback":                       issuers | displays,
		"POST /feedback":                      issuers | displays,
		"POST /feedback/why":                  issuers | displays,
		"POST /t/{token}/cancel":              public,
		"POST /t/{token}/pass":                public,
		"POST /t/{token}/vote":                public,
		"POST /t/{token}/why":                 public,
		"GET /t/{token}":                      public,
		"GET /t/{token}/state":                public,
		"GET /counter":                        staff,
		"GET /counter/panel":                  staff,
		"GET /manager":                        managers,
		"GET /manager/panel":                  managers,
		"GET /manager/report":                 managers,
		"GET /manager/figures.csv":            managers,
		"GET /manager/try":                    managers,
		"POST /manager/advice":                managers,
		"GET /api/v1/public/status":           public,
		"GET /api/v1/public/queue-monitor":    public,
		"GET /api/v1/public/forecasts":        public,
		"GET /admin":                          admins,
		"GET /admin/{chapter}":                admins,
		"POST /admin/{chapter}":               admins,
		"POST /admin/printers/test":           admins,
		"GET /admin/access":                   admins,
		"POST /admin/access":                  admins,
		"GET /admin/people":                   admins,
		"POST /admin/people":                  admins,
		"GET /admin/file":                     admins,
		"GET /admin/file/office.yaml":         admins,
		"POST /admin/file":                    admins,
		"GET /admin/history":                  admins,
		"GET /admin/history/{seq}":            admins,
		"GET /admin/backups":                  admins,
		"POST /admin/backups":                 admins,
		"POST /admin/backups/restore":         admins,
		"GET /devices":                        managers,
		"GET /devices/panel":                  managers,
		"GET /devices/pairing":                managers,
		"GET /static/{build}/{path...}":       public,
		"GET /firmware/{name}":                public,
		"GET /healthz":                        public,
		"GET /readyz":                         public,
		"GET /metrics":                        public,
		"GET /api/v1/openapi.json":            public,
		"GET /api/v1/board":                   public,
		"GET /api/v1/services":                public,
		"GET /api/v1/events":                  public,
		"GET /api/v1/warnings":                managers,
		"GET /api/v1/devices":                 managers,
		"POST /api/v1/devices/{id}/revoke":    managers,
		"GET /api/v1/devices/trace":           admins,
		"GET /api/v1/config":                  admins,
		"PUT /api/v1/config":                  admins,
		"GET /api/v1/config/history":          admins,
		"GET /api/v1/config/history/{seq}":    admins,
		"GET /api/v1/backups":                 admins,
		"POST /api/v1/backups":                admins,
		"POST /api/v1/backups/{name}/restore": admins,
		"GET /api/v1/accounts":                admins,
		"POST /api/v1/accounts":               admins,
		"POST /api/v1/accounts/{id}/secret":   admins,
		"POST /api/v1/accounts/{id}/disable":  admins,
		"POST /api/v1/accounts/{id}/enable":   admins,
		"GET /api/v1/pairing":                 managers,
		"POST /api/v1/pairing/open":           managers,
		"POST /api/v1/pairing/confirm":        managers,
		"POST /api/v1/pairing/cancel":         managers,
		"POST /api/v1/day/open":               managers,
		"POST /api/v1/day/close":              managers,
		"POST /api/v1/tickets":                issuers,
		"GET /api/v1/tickets/{id}":            issuers,
		"POST /api/v1/tickets/{id}/cancel":    staff,
		"POST /api/v1/tickets/{id}/unpark":    staff,
		"POST /api/v1/tickets/{id}/class":     staff,
		"POST /api/v1/tickets/{id}/void":      managers,
		"POST /api/v1/tickets/{id}/reprint":   issuers,
		"GET /api/v1/counters":                staff,
		"GET /api/v1/counters/{id}":           staff,
		"POST /api/v1/counters/{id}/open":     staff,
		"POST /api/v1/counters/{id}/pause":    staff,
		"POST /api/v1/counters/{id}/close":    staff,
		"POST /api/v1/counters/{id}/next":     staff,
		"POST /api/v1/counters/{id}/call":     staff,
		"POST /api/v1/counters/{id}/recall":   staff,
		"POST /api/v1/counters/{id}/start":    staff,
		"POST /api/v1/counters/{id}/finish":   staff,
		"POST /api/v1/counters/{id}/no-show":  staff,
		"POST /api/v1/counters/{id}/return":   staff,
		"POST /api/v1/counters/{id}/park":     staff,
		"POST /api/v1/counters/{id}/transfer": staff,
		"POST /api/v1/counters/{id}/undo":     staff,
	}
}

// routes registers handlers behind their rules. It is the mux that the API's
// adapter sees.
type routes struct {
	server *Server
	rules  map[string]who
	errs   []error
}

// HandleFunc registers a route, which must have a rule.
func (r *routes) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	rule, ok := r.rules[pattern]
	if !ok {
		r.errs = append(r.errs, fmt.Errorf("web: route %q has no rule, or two handlers", pattern))
		return
	}
	delete(r.rules, pattern)
	r.server.mux.HandleFunc(pattern, r.server.guarded(rule, h))
}

// ServeHTTP serves what is registered.
func (r *routes) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.server.mux.ServeHTTP(w, req) }

func (r *routes) finish() error {
	for _, pattern := range slices.Sorted(maps.Keys(r.rules)) {
		r.errs = append(r.errs, fmt.Errorf("web: rule %q has no route", pattern))
	}
	return errors.Join(r.errs...)
}
