"""Country names as shops write them, in English, to ISO 3166-1 alpha-2; for payloads that have no country code.

Names are those of ISO 3166-1 in common form with the usual other names, written down November 2026.
"""

from __future__ import annotations

import unicodedata

_NAMES = """
AD Andorra|AE United Arab Emirates|AF Afghanistan|AG Antigua & Barbuda|AI Anguilla|AL Albania|AM Armenia|AO Angola
AR Argentina|AS American Samoa|AQ Antarctica|AT Austria|AU Australia|AW Aruba|AX Åland Islands|AX Aland|AZ Azerbaijan
BA Bosnia & Herzegovina|BB Barbados|BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi
BJ Benin|BL St. Barthélemy|BL Saint Barthélemy|BM Bermuda|BN Brunei|BN Brunei Darussalam|BO Bolivia
BQ Caribbean Netherlands|BR Brazil|BS Bahamas|BS The Bahamas|BT Bhutan|BV Bouvet Island|BW Botswana|BY Belarus
BZ Belize|CA Canada|CC Cocos (Keeling) Islands|CD Congo - Kinshasa|CD Congo, The Democratic Republic Of The
CD Democratic Republic of the Congo|CF Central African Republic|CG Congo - Brazzaville|CG Congo|CH Switzerland
CI Côte d’Ivoire|CI Ivory Coast|CK Cook Islands|CL Chile|CM Cameroon|CM Republic of Cameroon|CN China|CO Colombia
CR Costa Rica|CU Cuba|CV Cape Verde|CV Cabo Verde|CW Curaçao|CX Christmas Island|CY Cyprus|CZ Czech Republic
CZ Czechia|DE Germany|DJ Djibouti|DK Denmark|DM Dominica|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia
EG Egypt|EH Western Sahara|ER Eritrea|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FK Falkland Islands
FK Falkland Islands (Malvinas)|FM Micronesia|FO Faroe Islands|FR France|GA Gabon|GB United Kingdom|GB Great Britain
GB UK|GD Grenada|GE Georgia|GF French Guiana|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia|GN Guinea
GP Guadeloupe|GQ Equatorial Guinea|GR Greece|GS South Georgia & South Sandwich Islands|GT Guatemala|GU Guam
GW Guinea-Bissau|GY Guyana|HK Hong Kong|HK Hong Kong SAR|HM Heard & McDonald Islands|HN Honduras|HR Croatia|HT Haiti
HU Hungary|ID Indonesia|IE Ireland|IL Israel|IM Isle of Man|IN India|IO British Indian Ocean Territory|IQ Iraq|IR Iran
IS Iceland|IT Italy|JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM Comoros
KN St. Kitts & Nevis|KN Saint Kitts & Nevis|KP North Korea|KR South Korea|KR Korea, Republic of|KW Kuwait
KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon|LC St. Lucia|LC Saint Lucia|LI Liechtenstein|LK Sri Lanka
LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova
MD Moldova, Republic of|ME Montenegro|MF St. Martin|MF Saint Martin|MG Madagascar|MH Marshall Islands
MK North Macedonia|MK Macedonia|ML Mali|MM Myanmar|MM Myanmar (Burma)|MN Mongolia|MO Macao|MO Macao SAR
MP Northern Mariana Islands|MQ Martinique|MR Mauritania|MS Montserrat|MT Malta|MU Mauritius|MV Maldives|MW Malawi
MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NC New Caledonia|NE Niger|NF Norfolk Island|NG Nigeria|NI Nicaragua
NL Netherlands|NL The Netherlands|NL Holland|NO Norway|NP Nepal|NR Nauru|NU Niue|NZ New Zealand|OM Oman|PA Panama
PE Peru|PF French Polynesia|PG Papua New Guinea|PH Philippines|PK Pakistan|PL Poland|PM St. Pierre & Miquelon
PM Saint Pierre & Miquelon|PN Pitcairn Islands|PN Pitcairn|PR Puerto Rico|PS Palestinian Territories|PS Palestine
PT Portugal|PW Palau|PY Paraguay|QA Qatar|RE Réunion|RO Romania|RS Serbia|RU Russia|RU Russian Federation|RW Rwanda
SA Saudi Arabia|SB Solomon Islands|SC Seychelles|SD Sudan|SE Sweden|SG Singapore|SH St. Helena|SH Saint Helena
SI Slovenia|SJ Svalbard & Jan Mayen|SK Slovakia|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname
SS South Sudan|ST São Tomé & Príncipe|SV El Salvador|SX Sint Maarten|SY Syria|SZ Eswatini|SZ Swaziland
TA Tristan da Cunha|TC Turks & Caicos Islands|TD Chad|TF French Southern Territories|TG Togo|TH Thailand|TJ Tajikistan
TK Tokelau|TL Timor-Leste|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey|TR Türkiye|TT Trinidad & Tobago|TV Tuvalu
TW Taiwan|TZ Tanzania|TZ Tanzania, United Republic of|UA Ukraine|UG Uganda|UM U.S. Outlying Islands|US United States
US United States of America|US USA|UY Uruguay|UZ Uzbekistan|VA Vatican City|VA Holy See (Vatican City State)
VC St. Vincent & Grenadines|VC Saint Vincent & the Grenadines|VE Venezuela|VG British Virgin Islands
VI U.S. Virgin Islands|VI Virgin Islands, U.S.|VN Vietnam|VN Viet Nam|VU Vanuatu|WF Wallis & Futuna|WS Samoa|XK Kosovo
YE Yemen|YT Mayotte|ZA South Africa|ZM Zambia|ZW Zimbabwe
"""


def country_code(name: str) -> str | None:
    """The code of a country's English name; case, accents and `and` for `&` do not matter."""
    return _CODES.get(_folded(name))


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and ").replace("’", "'"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


_CODES = {_folded(entry[3:]): entry[:2] for line in _NAMES.strip().splitlines() for entry in line.split("|")}
KNOWN = frozenset(_CODES.values())
