//! Collections as a machine reads them: page by page, in no need of room while nearly all come in one.

use graph::page::{Page, PageLimit, Pages, PagesEnd};
use graph::{Operation, Problem, Reply, Request};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Where a collection stands of which not all pages are read yet. It is in no need of room before the first page was read.
pub(crate) type OpenPages = Option<Box<Pages<Box<RawValue>>>>;

/// What a collection holds, item by item, and whether that is all.
type UnreadItems = (Vec<Box<RawValue>>, PagesEnd);

/// What is asked next of a collection: its first page, or another.
pub(crate) fn next_page(operation: &impl Operation, pages: &OpenPages) -> Request {
    pages.as_deref().and_then(Pages::next).cloned().unwrap_or_else(|| operation.request())
}

/// All that a collection holds, or as much as the limit allows, once that was read; `None` before. Where it is not known where Graph is
/// (`root` is empty), that is the first page.
pub(crate) fn whole<T: DeserializeOwned>(
    operation: &impl Operation<Output = Page<T>>,
    pages: &mut OpenPages,
    reply: &Reply,
    root: &str,
    limit: PageLimit,
) -> Result<Option<(Vec<T>, PagesEnd)>, Problem> {
    let Some((items, end)) = whole_unread(&|| operation.request(), pages, reply, root, limit)? else { return Ok(None) };
    let read: Result<Vec<T>, _> = items.iter().map(|item| serde_json::from_str(item.get())).collect();
    Ok(Some((read.map_err(|error| reply.unreadable(&error))?, end)))
}

/// The same, of whatever the collection is. Nearly all come in one page.
#[inline(never)]
fn whole_unread(
    first: &dyn Fn() -> Request,
    pages: &mut OpenPages,
    reply: &Reply,
    root: &str,
    limit: PageLimit,
) -> Result<Option<UnreadItems>, Problem> {
    if pages.is_none() {
        let page: Page<Box<RawValue>> = reply.read()?;
        if page.next_link.is_none() || root.is_empty() {
            return Ok(Some((page.value, PagesEnd::Complete)));
        }
    }
    let mut open = pages.take().unwrap_or_else(|| Box::new(Pages::new(first(), root, limit)));
    let heard = open.heard(reply);
    if heard.is_ok() && open.next().is_none() {
        return Ok(Some(open.finish()));
    }
    *pages = Some(open);
    heard.map(|()| None)
}
