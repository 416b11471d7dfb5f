// SPDX-License-Identifier: EUPL-1.2

// Package firmware brings new firmware to the devices of a hall, as its maker has signed
// it: to one device of each kind first, and to the others when that one has proved itself.
//
// An image lies in the data directory as two files: the image itself, and beside it, with
// ".signed" behind its name, what the maker's key has signed. The daemon has the public
// key only and can make no device take anything else (SPEC 9).
package firmware

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

const (
	signedSuffix = ".signed"
	maxImage     = 16 << 20
	maxSigned    = 1 << 10
	pathDigits   = 16 // of the sum, in the path
)

// PathRoot is the part that the paths of all images begin with.
const PathRoot = "/firmware/"

// Image is an image with its signature.
type Image struct {
	fwproto.Manifest
	Signed    fwproto.Bytes // the manifest as it was signed
	Signature fwproto.Bytes
	File      string // where it lies
}

// Path is where the image is on the daemon's HTTP server.
func (i Image) Path() string { return PathRoot + i.SHA256.String()[:pathDigits] }

// Sign signs an image offline. The size and the sum of the manifest are filled in. What is
// returned belongs in the file of the image's name with ".signed" behind it.
func Sign(image []byte, m fwproto.Manifest, maker ed25519.PrivateKey) ([]byte, error) {
	if len(image) == 0 || len(image) > maxImage {
		return nil, fmt.Errorf("firmware: an image of %d bytes: want 1 to %d", len(image), maxImage)
	}
	sum := sha256.Sum256(image)
	m.Size, m.SHA256 = uint32(len(image)), fwproto.Bytes(sum[:])
	manifest, signature, err := m.Sign(maker)
	if err != nil {
		return nil, fmt.Errorf("firmware: %w", err)
	}
	return fmt.Appendf(nil, "%s\n%s\n", manifest, signature), nil
}

// Shelf reads all images of a directory. One that does not hold is left out; the error
// says why, for all of them. A directory that is not there has none.
func Shelf(dir string, maker ed25519.PublicKey) ([]Image, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*"+signedSuffix))
	if err != nil {
		return nil, fmt.Errorf("firmware: %w", err)
	}
	var images []Image
	var wrong []error
	for _, name := range names { // in order
		i, err := read(name, maker)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("firmware: %s: %w", name, err))
			continue
		}
		images = append(images, i)
	}
	return images, errors.Join(wrong...)
}

func read(signed string, maker ed25519.PublicKey) (Image, error) {
	text, err := load(signed, maxSigned)
	if err != nil {
		return Image{}, err
	}
	lines := strings.Fields(string(text))
	if len(lines) != 2 {
		return Image{}, errors.New("want two lines: manifest and signature")
	}
	i := Image{File: strings.TrimSuffix(signed, signedSuffix)}
	if err := errors.Join(i.Signed.UnmarshalText([]byte(lines[0])), i.Signature.UnmarshalText([]byte(lines[1]))); err != nil {
		return Image{}, err
	}
	if len(i.Signature) != ed25519.SignatureSize || !ed25519.Verify(maker, []byte(i.Signed), []byte(i.Signature)) {
		return Image{}, errors.New("the signature is not that of firmware.key in the configuration")
	}
	if i.Manifest, err = fwproto.Decode[fwproto.Manifest]([]byte(i.Signed)); err != nil {
		return Image{}, fmt.Errorf("what was signed is no manifest: %w", err)
	}
	_, err = i.Bytes()
	return i, err
}

// Bytes reads the image anew. The error says that it is not the one that was signed.
func (i Image) Bytes() ([]byte, error) {
	data, err := load(i.File, maxImage)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); len(data) != int(i.Size) || !bytes.Equal(sum[:], []byte(i.SHA256)) {
		return nil, fmt.Errorf("%s is not the image that was signed", i.File)
	}
	return data, nil
}

// load reads a file that is not longer than it should be.
func load(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing", name)
	case err != nil:
		return nil, err
	case info.Size() > most:
		return nil, fmt.Errorf("%s has %d bytes, at most %d", name, info.Size(), most)
	}
	return os.ReadFile(name)
}

// ParseRelease reads a version text such as 1.4.2; false for any other.
func ParseRelease(version string) (fwproto.Release, bool) {
	var major, minor, patch uint32
	var rest string
	if n, _ := fmt.Sscanf(version+" .", "%d.%d.%d %s", &major, &minor, &patch, &rest); n != 4 || major > 0xff || minor > 0xff || patch > 0xffff {
		return 0, false
	}
	r := fwproto.Release(major<<24 | minor<<16 | patch)
	return r, r.String() == version
}
