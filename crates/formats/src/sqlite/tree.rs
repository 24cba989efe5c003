//! The b-tree of a table: its rows in the order of their numbers.

use super::pages::Pages;
use super::record::varint;
use crate::ImportError;
use crate::limits::SQLITE_ROW_BYTES_MAX;
use std::borrow::Cow;

const INTERIOR: u8 = 0x05;
const LEAF: u8 = 0x0D;

/// What is called with the number and the payload of a row; without payload if that cannot be read.
type Visit<'v> = dyn FnMut(i64, Option<&[u8]>) + 'v;

/// Visits every row below `root`.
pub(super) fn walk(pages: &Pages, root: u32, visit: &mut Visit) -> Result<(), ImportError> {
    let mut left = pages.count();
    let mut stack = vec![root];
    while let Some(number) = stack.pop() {
        // No tree has more pages than the file: one that seems to has a loop.
        left = left.checked_sub(1).ok_or(ImportError::Damaged)?;
        let page = pages.page(number)?;
        let start = Pages::tree_start(number);
        let kind = *page.get(start).ok_or(ImportError::Damaged)?;
        let cells = usize::from(u16_at(page, start + 3)?);
        match kind {
            LEAF => {
                for index in 0..cells {
                    let at = usize::from(u16_at(page, start + 8 + 2 * index)?);
                    leaf_cell(pages, page.get(at..).ok_or(ImportError::Damaged)?, visit)?;
                }
            }
            INTERIOR => {
                stack.push(u32_at(page, start + 8)?);
                for index in (0..cells).rev() {
                    let at = usize::from(u16_at(page, start + 12 + 2 * index)?);
                    stack.push(u32_at(page, at)?);
                }
                if stack.len() > pages.count() {
                    return Err(ImportError::Damaged);
                }
            }
            _ => return Err(ImportError::Damaged),
        }
    }
    Ok(())
}

/// One row: the length of its payload, its number, what fits of the payload, and the page where that goes on.
fn leaf_cell(pages: &Pages, cell: &[u8], visit: &mut Visit) -> Result<(), ImportError> {
    let (length, cell) = varint(cell).ok_or(ImportError::Damaged)?;
    let (number, cell) = varint(cell).ok_or(ImportError::Damaged)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let payload = payload(pages, cell, length);
    visit(number, payload.as_deref());
    Ok(())
}

/// The payload of a cell, gathered from its overflow pages; `None` if they are broken or too many.
fn payload<'p>(pages: &Pages, cell: &'p [u8], length: usize) -> Option<Cow<'p, [u8]>> {
    if length > SQLITE_ROW_BYTES_MAX {
        return None;
    }
    let local = local_bytes(length, pages.usable_bytes);
    let here = cell.get(..local)?;
    if local == length {
        return Some(Cow::Borrowed(here));
    }
    let mut gathered = here.to_vec();
    let mut next = u32_at(cell, local).ok()?;
    while gathered.len() < length {
        let page = pages.page(next).ok()?;
        next = u32_at(page, 0).ok()?;
        let content = &page[4..];
        let wanted = (length - gathered.len()).min(content.len());
        gathered.extend_from_slice(&content[..wanted]);
    }
    Some(Cow::Owned(gathered))
}

/// How much of a payload stands in the leaf itself: the format's own formula.
fn local_bytes(length: usize, usable: usize) -> usize {
    if length <= usable - 35 {
        return length;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let even = least + (length - least) % (usable - 4);
    if even <= usable - 35 { even } else { least }
}

fn u16_at(page: &[u8], at: usize) -> Result<u16, ImportError> {
    let bytes = page.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u16::from_be_bytes).ok_or(ImportError::Damaged)
}

fn u32_at(page: &[u8], at: usize) -> Result<u32, ImportError> {
    let bytes = page.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u32::from_be_bytes).ok_or(ImportError::Damaged)
}
