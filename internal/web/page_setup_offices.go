// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"embed"
	"fmt"

	"github.com/avanti-queue/avanti/internal/config"
)

//go:embed offices/*.yaml
var officeFiles embed.FS

// setupTemplate is an office to begin with.
type setupTemplate struct{ Name, Title, Hint string }

// templatesIn lists the offices to begin with.
func templatesIn(t *texts) []setupTemplate {
	var out []setupTemplate
	for _, name := range []string{"townhall", "consulate", "onestop", "blank"} {
		out = append(out, setupTemplate{Name: name, Title: t.T("setup.template." + name), Hint: t.T("setup.template." + name + ".hint")})
	}
	return out
}

// begin puts the services and counters of a template into a draft, in the office's languages.
func begin(d *config.Draft, name string) error {
	for _, x := range []string{"townhall", "consulate", "onestop", "blank"} {
		if x != name {
			continue
		}
		text, err := officeFiles.ReadFile("offices/" + name + ".yaml")
		if err != nil {
			return fmt.Errorf("web: %w", err)
		}
		from, err := config.NewDraft(name, text)
		if err != nil {
			return fmt.Errorf("web: the template %s: %w", name, err)
		}
		for _, section := range from.Sections() {
			d.Set(section, from.Section(section))
		}
		speak(d, languagesOf(d))
		return nil
	}
	return fmt.Errorf("web: there is no template %q", name)
}
