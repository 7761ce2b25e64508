//! The archive that a workbook is: parts by their names, and what is said of how they belong together (ECMA-376 Part 2).

use crate::sheet::UnreadableFile;
use crate::sheet::workbook::parts::{PartReader, UnpackLimit};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::Cursor;
use zip::ZipArchive;

pub struct XlsxPackage<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Places of parts by their names in lower case: names are the same whatever their case (Part 2, 6.2.2.3).
    places: HashMap<String, usize>,
    left: UnpackLimit,
}

/// What another part is to this one.
pub struct Relation {
    kind: String,
    /// A part's name, or an address beyond the file.
    pub target: String,
}

impl Relation {
    /// The last word of its kind, which is the same in both forms of the standard.
    pub fn kind(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or_default()
    }
}

impl<'b> XlsxPackage<'b> {
    pub fn open(bytes: &'b [u8]) -> Result<Self, UnreadableFile> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| UnreadableFile::Damaged(error.to_string()))?;
        let names = (0..archive.len()).filter_map(|place| Some((normal(&archive.name_for_index(place)?.ok()?), place)));
        let places = names.collect();
        Ok(Self { archive, places, left: UnpackLimit::default() })
    }

    pub fn has(&self, path: &str) -> bool {
        self.places.contains_key(&normal(path))
    }

    /// A part's markup.
    pub fn part(&mut self, path: &str) -> Result<PartReader<'_, 'b>, UnreadableFile> {
        let place = self.places.get(&normal(path)).ok_or_else(|| UnreadableFile::Damaged(format!("{path} is missing in it")))?;
        let part = self.archive.by_index(*place).map_err(|error| UnreadableFile::Damaged(error.to_string()))?;
        Ok(PartReader::new(part, &self.left))
    }

    /// The name of the workbook's own part.
    pub fn workbook(&mut self) -> Result<String, UnreadableFile> {
        let relations = self.relations("")?;
        let book = relations.into_values().find(|relation| relation.kind() == "officeDocument");
        Ok(book.map_or_else(|| "xl/workbook.xml".into(), |relation| relation.target))
    }

    /// What belongs to a part, by the names it has there; nothing where that is not said.
    pub fn relations(&mut self, path: &str) -> Result<HashMap<String, Relation>, UnreadableFile> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let own = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let mut relations = HashMap::new();
        if !self.has(&own) {
            return Ok(relations);
        }
        let mut markup = self.part(&own)?;
        let mut buffer = Vec::new();
        loop {
            match markup.next(&mut buffer)? {
                Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                    let get = |name: &str| attribute(&tag, name).unwrap_or_default();
                    let target = if get("TargetMode") == "External" { get("Target") } else { resolve(folder, &get("Target")) };
                    relations.insert(get("Id"), Relation { kind: get("Type"), target });
                }
                Event::Eof => return Ok(relations),
                _ => {}
            }
        }
    }
}

/// Writers differ in case and in slashes.
fn normal(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// The name of a part that is named from within a folder.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for piece in target.split('/').filter(|piece| !piece.is_empty() && *piece != ".") {
        if piece == ".." {
            path.pop();
        } else {
            path.push(piece);
        }
    }
    path.join("/").trim_start_matches('/').to_owned()
}

/// Names and values of a tag's attributes, as they are written. What is not well-formed ends them.
pub fn attributes<'a>(tag: &'a BytesStart<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    // They are short: byte by byte is quicker than a search that makes itself ready first.
    let cut = |text: &'a str, sign: u8| {
        let place = text.bytes().position(|byte| byte == sign)?;
        Some((&text[..place], &text[place + 1..]))
    };
    let mut rest = tag.attributes_raw();
    std::iter::from_fn(move || {
        let (name, behind) = cut(rest, b'=')?;
        let behind = behind.trim_ascii_start();
        let quote = *behind.as_bytes().first().filter(|quote| matches!(quote, b'"' | b'\''))?;
        let (value, after) = cut(&behind[1..], quote)?;
        rest = after;
        Some((name.trim_ascii(), value))
    })
}

/// A name without its prefix. Names are short: byte by byte, as with attributes.
pub fn local(name: &str) -> &str {
    name.bytes().position(|byte| byte == b':').map_or(name, |place| &name[place + 1..])
}

/// An attribute by its name without prefix.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let (_, value) = attributes(tag).find(|(own, _)| local(own) == name)?;
    unescape(value).ok().map(Into::into)
}

/// Whether an attribute is `1` or `true`.
pub fn is_true(value: Option<&str>) -> bool {
    matches!(value.map(str::trim), Some("1" | "true" | "on"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_are_named_from_within_a_folder() {
        let check = |folder: &str, target: &str, expected: &str| assert_eq!(super::resolve(folder, target), expected, "{folder} {target}");
        check("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml");
        check("xl", "./worksheets//sheet1.xml", "xl/worksheets/sheet1.xml");
        check("xl/worksheets", "../tables/table1.xml", "xl/tables/table1.xml");
        check("xl", "/book/sheet1.xml", "book/sheet1.xml");
        check("", "xl\\workbook.xml", "xl/workbook.xml");
        check("xl", "../../x.xml", "x.xml");
    }
}
