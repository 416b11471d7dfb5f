// SPDX-License-Identifier: EUPL-1.2

package paper

import "golang.org/x/text/encoding/charmap"

// Only tables that x/text has; the numbers are those of the makers.

func epsonPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 3: charmap.CodePage860, 4: charmap.CodePage863,
		5: charmap.CodePage865, 15: charmap.ISO8859_7, 16: charmap.Windows1252, 17: charmap.CodePage866,
		18: charmap.CodePage852, 19: charmap.CodePage858, 34: charmap.CodePage855, 36: charmap.CodePage862,
		39: charmap.ISO8859_2, 40: charmap.ISO8859_15, 45: charmap.Windows1250, 46: charmap.Windows1251,
		47: charmap.Windows1253, 48: charmap.Windows1254, 49: charmap.Windows1255, 50: charmap.Windows1256,
		51: charmap.Windows1257, 52: charmap.Windows1258,
	}
}

func genericPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 3: charmap.CodePage860, 4: charmap.CodePage863,
		5: charmap.CodePage865, 16: charmap.Windows1252, 17: charmap.CodePage866, 18: charmap.CodePage852,
		19: charmap.CodePage858, 25: charmap.Windows1257, 72: charmap.Windows1250, 73: charmap.Windows1251,
		90: charmap.Windows1253, 91: charmap.Windows1254,
	}
}

func customPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 3: charmap.CodePage860, 4: charmap.CodePage863,
		5: charmap.CodePage865, 16: charmap.Windows1252, 17: charmap.CodePage866, 18: charmap.CodePage852,
		19: charmap.CodePage858,
	}
}

func starPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 1: charmap.CodePage437, 3: charmap.CodePage437, 4: charmap.CodePage858,
		5: charmap.CodePage852, 6: charmap.CodePage860, 8: charmap.CodePage863, 9: charmap.CodePage865,
		10: charmap.CodePage866, 11: charmap.CodePage855, 13: charmap.CodePage862, 18: charmap.ISO8859_7,
		32: charmap.Windows1252, 33: charmap.Windows1250, 34: charmap.Windows1251,
	}
}

func nipponPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage858, 3: charmap.Windows1250, 4: charmap.Windows1251,
		5: charmap.Windows1252, 6: charmap.Windows1254,
	}
}

// national returns the characters that ESC R n puts in the places of "#$@[\]^`{|}~", or "" for a set that is not known.
func national(n byte) string {
	sets := [...]string{
		"#$@[\\]^`{|}~", // USA
		"#$à°ç§^`éùè¨",  // France
		"#$§ÄÖÜ^`äöüß",  // Germany
		"£$@[\\]^`{|}~", // United Kingdom
		"#$@ÆØÅ^`æøå~",  // Denmark I
		"#¤ÉÄÖÅÜéäöåü",  // Sweden
		"#$@°\\é^ùàòèì", // Italy
		"₧$@¡Ñ¿^`¨ñ}~",  // Spain I
		"#$@[¥]^`{|}~",  // Japan
		"#¤ÉÆØÅÜéæøåü",  // Norway
		"#$ÉÆØÅÜéæøåü",  // Denmark II
		"#$á¡Ñ¿é`íñóú",  // Spain II
		"#$á¡Ñ¿éüíñóú",  // Latin America
		"#$@[₩]^`{|}~",  // Korea
		"#$ŽŠĐĆČžšđćč",  // Slovenia, Croatia
		"#¥@[\\]^`{|}~", // China
	}
	if int(n) >= len(sets) {
		return ""
	}
	return sets[n]
}
