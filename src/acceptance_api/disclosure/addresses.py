"""Which beginning of an address may be shown: the divisions and the street, never a building, unit or room. Pure.

Only what is surely public is kept, in the order in which Chinese addresses are written; when in doubt nothing is. What
is kept consists of Han characters alone, so no number of a house or room can be among them, whatever stands before it.
"""

import re

_SEPARATORS = re.compile(r"[,，、;；:：.。·|/()（）\[\]【】_-]")
_HAN = "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_BUILDING = "大厦|大楼|大廈|大樓|公寓|单元|單元|宿舍|号|號|栋|棟|幢|座|室|层|層|弄|户|戶|排|组|組|队|隊"
"""What names a house or a part of one; kept addresses end before it."""
_IN_DIVISION = f"(?:(?!{_BUILDING}|广场|花园){_HAN})"
_IN_STREET = f"(?:(?!{_BUILDING}|楼|樓|厦|廈|门|門|房|院|铺|鋪){_HAN})"
_NO_ESTATE = "(?<![小社园校厂院宅舍库营])"
"""小区, 园区 and their like are no districts."""
_DIVISIONS = (
    f"{_IN_DIVISION}{{2,5}}?(?:省|自治区|自治區|特别行政区|特別行政區)",
    f"{_IN_DIVISION}{{2,10}}?(?:自治州|地区|地區|市|州|盟)",
    f"{_IN_DIVISION}{{2,13}}?自治[县縣旗]",
    f"{_IN_DIVISION}{{1,6}}?(?:{_NO_ESTATE}[区區]|县|縣|旗|市)",
)
_STREET = f"{_IN_STREET}{{1,12}}?(?:街道|大街|大道|胡同|路|街|道|镇|鎮|乡|鄉|苏木|花园|花園|小区|小區|社区|社區)"
_PUBLIC = re.compile("".join(f"(?:{part})?" for part in (*_DIVISIONS, _STREET)))


def public_part(folded: str) -> str:
    """The beginning of an address that leads to the street; empty when it does not begin with divisions or a street."""
    found = _PUBLIC.match(_SEPARATORS.sub("", folded))
    return found[0] if found else ""
