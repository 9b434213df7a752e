"""Texts of the corpus that somebody had to think of, by family."""

from __future__ import annotations

# fmt: off
# Inside a text: soft hyphen, fillers, joiners, variation selectors, tags, invisible operators.

INVISIBLE = (
    0x00AD, 0x034F, 0x115F, 0x17B4, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0x2061, 0x2062, 0x2063,
    0x2064, 0x206A, 0x206F, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0x1D173,
    0xE0001, 0xE0041, 0xE0100,
)
BLANKS = (
    0x0009, 0x000A, 0x000D, 0x0020, 0x00A0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
    0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x200B, 0x200C, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060,
    0x3000, 0xFEFF,
)
# Marks of other programs, and what was read where they stood; None: nothing.
UNASSIGNED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # of the Windows code page
WORD = {0x07: "\t", 0x0B: "\n", 0x0C: "\n", 0x1E: "-", 0x1F: None, 0x2011: "-"}
SYMBOLS = {
    0xF0B7: "•", 0xF0A7: "▪", 0xF06C: "●", 0xF06E: "■", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0B3: "≥",
    0xF0A3: "≤", 0xF0B4: "×", 0xE5E5: "\u3000", 0xE854: "\u9fba", 0xE816: "\U00020087",
}
UNSEEN = (
    0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x2066, 0x2067, 0x2068,
    0x2069, 0xFEFF,
)
WIDE_BLANKS = (0x2001, 0x2003)
BYTES = {
    "gbk": "邮银".encode("gbk"),
    "gb18030": "䶮𬸚".encode("gb18030"),
    "big5": "郵銀".encode("big5"),
    "utf-16": "邮银".encode("utf-16"),
    "latin-1": "café".encode("latin-1"),
    "cut": "邮".encode()[:2],
    "lone-tail": b"\x80",
    "overlong-nul": b"\xc0\x80",
    "overlong-slash": b"\xe0\x80\xaf",
    "beyond": b"\xf4\x90\x80\x80",
    "five-bytes": b"\xf8\x88\x80\x80\x80",
    "ff": b"\xff",
    "half-high": b"\xed\xa0\x80",
    "half-low": b"\xed\xbf\xbf",
    "cesu-pair": b"\xed\xa1\x80\xed\xb0\x80",
    "pair-turned": b"\xed\xb0\x80\xed\xa1\x80",
}
_SCRIPT = (
    "<script>alert(1)</script>", '"><script>alert(1)</script>', "</textarea><script>1</script>",
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)', "javascript:alert(1)", "JaVaScRiPt&colon;alert(1)",
    "<iframe src=//evil.invalid>", "<base href=//evil.invalid>", "<style>*{display:none}</style>",
    "<!--", "-->", "<![CDATA[x]]>", "</title></head><body>", "</main></body></html>", "<b>",
    "</p>", "&lt;b&gt;", "&amp;amp;", "&#0;", "&#x202e;", "&nbsp;", "&", "<", ">", '"', "'", "`",
    "<<>>", "<form action=/x><button>", "<input name=csrf_token value=1>",
    "<meta http-equiv=refresh>", "<a href='data:text/html,1'>", "\\u003cscript\\u003e",
    "%3Cscript%3E", "<scr", "<math><mi//xlink:href='data:x'>", "<template>",
    "<noscript><p title='</noscript>'>",
)
_TEMPLATE = (
    "{{ 7*7 }}", "{{ config }}", "{% for x in y %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "{{ ''.__class__.__mro__ }}", "{{", "%}", "{{ request.application }}", "@{x}", "[[7*7]]",
)
_SQL = (
    "' OR '1'='1", "'; DROP TABLE person;--", '" OR ""="', "1; SELECT pg_sleep(9)", "%' --",
    "100%", "_%", "\\", "\\'", "') UNION SELECT NULL--", "x' AND 1=(SELECT 1)--", "/* x */", ":id",
    "?", "$1", "%s", "%(name)s", "甲_乙%丙", "admin'--",
)
_PATH = (
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\CON", "NUL", ".",
    "..", "....//", "%2e%2e%2f", "~root", "a/b/c", "季度 报告.pdf", "|ls", "$(id)", "`id`", "; id",
)
_HEADER = (
    "x\r\nSet-Cookie: a=b", "x\nX-Injected: 1", "x\r\n\r\n<b>", "%0d%0aX: 1", "Bcc: a@example.org",
    "x\rY", "a\r\n.\r\nQUIT", "=?utf-8?B?5LitPw==?=",
)
_FORMULA = (
    "=1+1", "=SUM(A1:A9)", "+1+1", "-1+1", "-5", "@SUM(1)", "=cmd|'/c calc'!A0", "\t=1+1",
    "\r=1+1", '=HYPERLINK("http://evil.invalid","x")', "＝1+1", "－5", "＠x", "＋1", " =1+1",
    "'=1+1", "=", "+", "-", "@", "--", '=""', "-人员", "+86 10", "@张", "；=1", ",=1+1", "''",
)
_CSV = (
    "a,b", 'a"b', '"a,b"', "a;b", "a\tb", '""', "a\nb", '"a\r\nb"', "，；：", "a|b", "sep=;",
)
_XML = (
    '<?xml version="1.0"?>', "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&xxe;", "]]>", "<x:y/>", "_x000D_",
    "_x0041_", "<!ENTITY % p SYSTEM 'file:///etc/passwd'>", "<xsl:value-of select='1'/>", "&#x0;",
)
_JSON = (
    "{ }", "[]", '{"a": 1}', '\\"', "\\u0000", "\\ud800", "[" * 400, '{"__proto__": {}}',
    '{"a":' * 50, "\\/x", "\\n\\t\\\\",
)
_FORMAT = (
    "%s%s%s%n", "%x", "{0}", "{}", "{0.__class__}", "%d", "{name!r:>99999}", "%99999999s", "$x",
    "%%", "{{}}", "%(x)d",
)
_NULL = (
    "null", "NULL", "None", "nil", "undefined", "NaN", "true", "false", "无", "—", "N/A", "#N/A",
    "#REF!", "0", "[object Object]", "(null)", "\\N", "空",
)
NUMBERS = (
    "-1", "-0", "+0", "007", "1.", ".5", "1e9", "1E-9", "0x10", "0b1", "1_000", "1,000", "10,00",
    "1,00,000", "1 000", "1.000,5", "１２３", "１，０００", "٣٤", "१२", "①", "Ⅳ", "一百", "百",
    "½", "²", "Infinity", "-Infinity", "inf", "nan", "sNaN", "−5", "–5", "—5", "﹣5", "5-",
    "(5)", "5%", "￥5", "$5", "5元", "5万", "999999999999999999", "9999999999999999999", "9" * 400,
    "0." + "0" * 99 + "1", "1.2.3", "1/2", "1.001", "12.345", "0.005", "99999999999.999",
    "9007199254740993", "2147483648", "1\xa0000", "1\u202f000", "1'000", "1：2", "1．5", "1。5",
    "𝟓", "1e400", "--1", "+-1", "0x", "\u200b5\u200b",
)
DATES = (
    "2022-02-30", "0000-00-00", "99999-01-01", "2022年13月1日", "2022-01-01 24:00",
    "2022-01-01T24:00", "0001-01-01 00:00", "9999-12-31 23:59", "9999-12-31", "1900-01-01",
    "1970-01-01", "2038-01-19", "2022-02-29", "2024-02-29", "2022-1-1", "2022/1/1", "2022.1.1",
    "20220101", "220101", "1/2/2022", "2022-07-01 09:05:60", "2022-07-01 25:00", "2022-07-01 09:5",
    "2022-07-01 09:05 PM", "明天", "二〇二二年七月一日", "２０２２－０７－０１",
    "2022年7月1日 9：05", "2022-07-01T09:05Z", "-2022-01-01", "2022-07-01 09:05+08:00", "2022-W26",
    "2022-182", "٢٠٢٢-٠٧-٠١", "2022-07-01\n", "2022年7月", "00000000",
)
_LINK = (
    "file:///etc/passwd", "http://127.0.0.1:9/x", "https://example.org/?a=b&c=d", "ftp://x", "//x",
    "data:text/html;base64,PGI+", "mailto:a@example.org", "www.example.org",
    "http://例子.测试/路径", "http://[::1]/", "http://a:b@c/", "blob:x", "view-source:x",
    "smb://x/y", "\\\\x\\y", "http://",
)
_MARKUP = (
    "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "<svg/>",
    "![x](http://evil.invalid/x.png)", "[x](javascript:alert(1))", "# 标题", "**粗**", "---",
    "> 引", "- 一\n- 二", "| a | b |\n|---|---|", "```\nx\n```",
    "<link rel=attachment href=file:///etc/hosts>", "url(http://evil.invalid/x)", "@import 'x'",
    "content: attr(x)", "/*", "*/", "$$\\frac{1}{2}$$", "<object data='x'></object>",
    "<embed src=x>", "[[链接]]", "\\input{x}", "[b]x[/b]",
)
_NESTED = (
    "(" * 400 + ")" * 400, "（" * 400 + "）" * 400, "[" * 400 + "]" * 400, "{" * 400 + "}" * 400,
    "<div>" * 400 + "</div>" * 400, "「" * 200 + "」" * 200, "<b>" * 100,
)
_FORMS = (
    "e\u0301", "é", "A\u030a", "\u212b", "Å", "\u2126", "가", "가", "か\u3099", "が", "\uf900",
    "\U0002f800", "s\u0323\u0307", "s\u0307\u0323", "ﬁ", "ệ", "e\u0302\u0323", "क़", "ẛ\u0323",
    "\u0344", "⫝̸", "豈\ufe00",
)
_MARKS = (
    "a" + "\u0301" * 100, "Z\u0351\u036b\u0343\u0321a\u0322lgo", "ก" + "\u0e49" * 40, "\u0301",
    "字\u20dd", "啊" + "\u0336" * 30, "1\ufe0f\u20e3", "\u093f", "o\u0308" * 25, "व\u094d\u200dय",
)
_WIDE = (
    "１２３４５", "ＡＢＣａｂｃ", "（全角）", "，。；：", "￥１，０００．００", "～", "ｱｲｳ",
    "　中　间　", "－", "％",
)
_EMOJI = (
    "😀", "👩\u200d💻", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🇨🇳", "🇨", "👍🏽",
    "❤\ufe0f", "❤\ufe0e", "🧑🏿\u200d🚀", "☃", "©\ufe0f",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🫠", "🀄", "✔", "①②③",
)
_HANZI = (
    "喆", "昇", "堃", "玥", "䶮", "𬸚", "㐂", "龘", "靐", "齉", "爨", "𪚥", "䲜", "𰻞", "〇", "㛃",
    "𠮷", "𡈽", "𣎴", "𤭢", "𦨭", "𪜀", "𬎆", "𬬮", "𮯠", "㙍", "⼀", "⺼", "々", "〆", "ㄅ", "囍",
    "⿰氵㠯", "里\U000e0100", "⼯作", "⽤户",
    "𬸚䶮喆昇堃玥𬸚䶮喆昇堃玥𬸚䶮喆昇堃玥𬸚䶮喆昇堃玥𬸚䶮喆昇堃玥",
)
_RTL = (
    "שלום", "مرحبا", "中文 עברית 123", "\u200fא", "اليوان الرقمي 5,000", "ܫܠܡ", "ﷺ", "لا",
)
_LINES = (
    "一\n二", "一\r\n二", "一\r二", "一\u2028二", "一\u2029二", "\n一", "一\n", "一\n\n\n二",
    "一\n\r二", "\r\n一\r\n", "一\r\r\n二", " 一\n 二", "一\\n二", "一<br>二", "一\t二", "\t一",
    "一\t", "一\n\t二", "\n=1",
)
_PEOPLE = (
    "O'Brien", "买买提·艾力", "Anne-Marie", "张三（大）", "欧阳 娜娜", "李　四", "José",
    "Ødegård", "a@b.example", "+86-10-1234 5678", "110101199001011234", "6222020000000000",
    "13800000000",
)
# fmt: on

FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "script": ("markup and scripts", _SCRIPT),
    "template": ("template languages", _TEMPLATE),
    "sql": ("database languages and patterns", _SQL),
    "path": ("file names and shells", _PATH),
    "header": ("line ends that could end a header", _HEADER),
    "formula": ("a spreadsheet would compute it", _FORMULA),
    "csv": ("separators and quotes", _CSV),
    "xml": ("markup of data files", _XML),
    "json": ("notation of data", _JSON),
    "format": ("format strings", _FORMAT),
    "null": ("words that programs take for nothing", _NULL),
    "number": ("numbers, and what looks like one", NUMBERS),
    "date": ("days and times, and what looks like one", DATES),
    "link": ("addresses that somebody could fetch", _LINK),
    "markup": ("pictures and light markup", _MARKUP),
    "nested": ("deeply nested", _NESTED),
    "composed": ("one character, several spellings", _FORMS),
    "marks": ("many marks on one letter", _MARKS),
    "wide": ("full-width signs", _WIDE),
    "emoji": ("pictures of several code points", _EMOJI),
    "hanzi": ("rare characters", _HANZI),
    "rtl": ("written from right to left", _RTL),
    "lines": ("line ends and tabs", _LINES),
    "names": ("names and numbers of people", _PEOPLE),
}
