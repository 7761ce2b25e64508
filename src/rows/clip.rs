//! Cells as a sheet puts them on the clipboard: a tab between cells, a line for each row, quotes around what holds either.

/// Rows of cells. Everything can be read; a quote that is never closed runs to the end.
pub fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut letters = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            _ if quoted => cell.push(letter),
            '"' if cell.is_empty() => quoted = true,
            '\t' => row.push(std::mem::take(&mut cell)),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(letter),
        }
    }
    if !row.is_empty() || !cell.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// Puts cells on the clipboard as Excel does, and as they are: what begins with `=` runs when it is put into a sheet, as it
/// does in the file it came from. An apostrophe in front, as reports have it, would come back with the cell and change it.
pub fn write(rows: impl Iterator<Item = impl Iterator<Item = impl AsRef<str>>>) -> String {
    let mut text = String::new();
    for row in rows {
        for (place, cell) in row.enumerate() {
            let cell = cell.as_ref();
            if place > 0 {
                text.push('\t');
            }
            if cell.contains(['\t', '\n', '\r', '"']) {
                text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                text.push_str(cell);
            }
        }
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_excel_are_read() {
        let check = |text: &str, expected: &[&[&str]]| assert_eq!(read(text), expected, "{text:?}");
        check("", &[]);
        check("a", &[&["a"]]);
        check("a\tb\r\nc\td\r\n", &[&["a", "b"], &["c", "d"]]);
        check("\t\r\n", &[&["", ""]]);
        check("a\n\nb", &[&["a"], &[""], &["b"]]);
        check("a\tb\rc", &[&["a", "b"], &["c"]]);
        check("\"two\nlines\"\t\"say \"\"hi\"\"\"\n", &[&["two\nlines", "say \"hi\""]]);
        check("5\" disk\tb", &[&["5\" disk", "b"]]);
        check("\"open", &[&["open"]]);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let rows = [["a", "b\tc", "d\ne"], ["", "\"", "ü"]];
        let text = write(rows.iter().map(|row| row.iter().copied()));
        assert_eq!(read(&text), rows);
    }
}
