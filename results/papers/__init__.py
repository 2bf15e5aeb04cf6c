"""Papers made from a run: for a panel in Word, on a page, as a workbook and as a web page; every figure traced."""
