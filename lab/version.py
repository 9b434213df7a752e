"""The version of the portal, as named on pages, in PDF files and in CHANGELOG.md."""

VERSION = "0.3.0"
PRODUCT = "创新实验室项目门户"
