// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/internal/report"
)

//go:embed static
var staticFiles embed.FS

// static serves scripts and styles. Their addresses carry the build, so that a
// browser keeps them for ever and modules can name each other without it.
type static struct {
	build string
	files map[string]file
}

type file struct {
	kind         string
	plain, small []byte // small is gzip, nil where it would not be
}

// loadStatic reads everything that is built in. The build changes with any file
// that a page consists of, and with the program's version.
func loadStatic(version string) (static, error) {
	s := static{files: map[string]file{}}
	z, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		return static{}, fmt.Errorf("web: built-in files: %w", err)
	}
	sum := sha256.New()
	sum.Write([]byte(version))
	for _, root := range []fs.FS{staticFiles, report.Styles, templateFiles, localeFiles} {
		err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(root, path)
			if err != nil {
				return err
			}
			sum.Write(fmt.Appendf(nil, "\n%s %d\n", path, len(data)))
			sum.Write(data)
			if name, ok := strings.CutPrefix(path, "static/"); ok {
				s.files[name], err = newFile(z, name, data)
			}
			return err
		})
		if err != nil {
			return static{}, fmt.Errorf("web: built-in files: %w", err)
		}
	}
	s.build = strings.ToLower(base32.StdEncoding.EncodeToString(sum.Sum(nil))[:12])
	return s, nil
}

func newFile(z *gzip.Writer, name string, data []byte) (file, error) {
	f := file{plain: data}
	for suffix, kind := range map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	} {
		if strings.HasSuffix(name, suffix) {
			f.kind = kind
		}
	}
	if f.kind == "" {
		return file{}, fmt.Errorf("%s: no media type for this name", name)
	}
	var b bytes.Buffer
	z.Reset(&b)
	if _, err := z.Write(data); err != nil {
		return file{}, err
	}
	if err := z.Close(); err != nil {
		return file{}, err
	}
	if b.Len() < len(data) {
		f.small = b.Bytes()
	}
	return f, nil
}

func (s static) serve(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files[r.PathValue("path")]
	if !ok || r.PathValue("build") != s.build {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	data := f.plain
	if f.small != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		data = f.small
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // the browser may have gone
}
