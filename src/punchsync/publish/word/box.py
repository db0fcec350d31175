"""A box of text at the foot of the type area, and room for it at the end of the text."""

from __future__ import annotations

from typing import Final

from punchsync.publish.word.pieces import Block, paragraph

EMUS: Final = 12700
"""Lengths of drawings are so many to the point."""
_DRAWN: Final = (
    '<mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
    'relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV><wp:extent {size}/>'
    '<wp:wrapNone/><wp:docPr id="9999" name="9999"/><wp:cNvGraphicFramePr/><a:graphic>'
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
    "<wps:txbx><w:txbxContent>{text}</w:txbxContent></wps:txbx>"
    '<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/></wps:wsp></a:graphicData></a:graphic></wp:anchor>'
    "</w:drawing></mc:Choice>"
)
_OLDER: Final = (
    '<mc:Fallback><w:pict><v:rect style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{high}pt;'
    "mso-position-horizontal:left;mso-position-horizontal-relative:margin;mso-position-vertical:bottom;"
    'mso-position-vertical-relative:margin" filled="f" stroked="f"><v:textbox inset="0,0,0,0"><w:txbxContent>{text}'
    "</w:txbxContent></v:textbox></v:rect></w:pict></mc:Fallback>"
)


def boxed(text: str, width: float, high: float) -> Block:
    """Paragraphs at the foot of the last page's type area.

    Where they are anchored an empty line as high as they are takes their room, so that no text is ever below them.
    """
    size = f'cx="{round(width * EMUS)}" cy="{round(high * EMUS)}"'
    drawn = _DRAWN.format(size=size, text=text) + _OLDER.format(width=round(width, 1), high=round(high, 1), text=text)
    return Block(paragraph(f"<w:r><mc:AlternateContent>{drawn}</mc:AlternateContent></w:r>", line=high))
