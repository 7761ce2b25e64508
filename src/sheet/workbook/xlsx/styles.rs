//! The number format of each cell style (ECMA-376 Part 1, 18.8.10 and 18.8.31).

use super::package::{XlsxPackage, attribute};
use crate::sheet::UnreadableFile;
use crate::sheet::workbook::format::Format;
use quick_xml::events::Event;
use std::collections::HashMap;
use std::rc::Rc;

/// Characters of a format code. Excel lets one have 255; a longer one is shown as if it were none.
const MOST_OF_CODE: usize = 1000;

/// Formats by the place of the style that a cell names; nothing for `General`.
pub fn read(package: &mut XlsxPackage<'_>, path: &str) -> Result<Vec<Option<Rc<Format>>>, UnreadableFile> {
    let mut markup = package.part(path)?;
    let mut formats: HashMap<u32, Option<Rc<Format>>> = HashMap::new();
    let mut codes: HashMap<u32, String> = HashMap::new();
    let mut styles = Vec::new();
    let mut is_cells = false;
    let mut buffer = Vec::new();
    loop {
        match markup.next(&mut buffer)? {
            Event::Start(tag) => {
                let number = |name: &str| attribute(&tag, name).and_then(|number| number.trim().parse::<u32>().ok());
                match tag.local_name().as_ref() {
                    // Within formats of conditions the same numbers may mean something else.
                    "dxfs" => return Ok(styles),
                    "numFmt" => {
                        if let (Some(number), Some(code)) = (number("numFmtId"), attribute(&tag, "formatCode")) {
                            codes.insert(number, code);
                        }
                    }
                    "cellXfs" => is_cells = true,
                    "xf" if is_cells => {
                        let number = number("numFmtId").unwrap_or(0);
                        let made = || match codes.get(&number) {
                            Some(code) if code.len() <= MOST_OF_CODE => Some(Format::from_code(code)).filter(|format| !format.is_general()),
                            Some(_) => None,
                            None => Format::from_number(number),
                        };
                        styles.push(formats.entry(number).or_insert_with(|| made().map(Rc::new)).clone());
                    }
                    _ => {}
                }
            }
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}
