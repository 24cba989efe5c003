//! SQLite's file format, as far as reading tables goes: pages, b-trees of tables, overflow chains, records, schema.
//!
//! No indexes, no `WITHOUT ROWID`, no write-ahead log. Nothing in a file is believed: every offset is checked, every walk
//! is bounded by the number of pages. Must not know which app a file is of.

mod pages;
mod record;
mod schema;
mod tree;

pub(crate) use record::Value;

use crate::ImportError;
use pages::Pages;
use record::read_values;
use schema::column_names;

/// A database that lies in memory as a whole.
pub(crate) struct Database<'a> {
    pages: Pages<'a>,
}

/// A table's columns, and where its rows are.
pub(crate) struct Table {
    columns: Vec<String>,
    /// The column that stands for the row's number, as `INTEGER PRIMARY KEY` does.
    row_number_column: Option<usize>,
    root: u32,
}

/// One row of a table.
pub(crate) struct Row<'a> {
    pub number: i64,
    table: &'a Table,
    values: Vec<Value>,
}

impl<'a> Database<'a> {
    /// Looks at the header.
    ///
    /// # Errors
    ///
    /// [`ImportError::Damaged`], [`ImportError::CutShort`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImportError> {
        Ok(Self {
            pages: Pages::open(bytes)?,
        })
    }

    /// Whether newer rows may stand in a second file.
    pub fn has_write_ahead_log(&self) -> bool {
        self.pages.has_write_ahead_log
    }

    /// A table by its name.
    ///
    /// # Errors
    ///
    /// [`ImportError::Damaged`].
    pub fn table(&self, name: &str) -> Result<Option<Table>, ImportError> {
        const SCHEMA_ROOT: u32 = 1;
        let mut found = None;
        tree::walk(&self.pages, SCHEMA_ROOT, &mut |_, payload| {
            // type, name, tbl_name, rootpage, sql
            let values = payload.and_then(|payload| read_values(payload, self.pages.encoding));
            if let Some(
                [
                    Value::Text(kind),
                    Value::Text(found_name),
                    _,
                    Value::Integer(root),
                    Value::Text(sql),
                ],
            ) = values.as_deref()
                && kind == "table"
                && found_name.eq_ignore_ascii_case(name)
            {
                let (columns, row_number_column) = column_names(sql);
                let root = u32::try_from(*root).unwrap_or_default();
                found = Some(Table {
                    columns,
                    row_number_column,
                    root,
                });
            }
        })?;
        Ok(found)
    }

    /// Calls `each` with every row, or with the number of a row that cannot be read.
    ///
    /// # Errors
    ///
    /// [`ImportError::Damaged`] where the tree itself is broken.
    pub fn rows(
        &self,
        table: &Table,
        each: &mut dyn FnMut(Result<Row, i64>),
    ) -> Result<(), ImportError> {
        tree::walk(&self.pages, table.root, &mut |number, payload| {
            let values = payload.and_then(|payload| read_values(payload, self.pages.encoding));
            each(
                values
                    .map(|values| Row {
                        number,
                        table,
                        values,
                    })
                    .ok_or(number),
            );
        })
    }
}

impl Row<'_> {
    /// A value by the name of its column; null where the row or the table does not have it.
    pub fn get(&self, column: &str) -> Value {
        let index = self
            .table
            .columns
            .iter()
            .position(|name| name.eq_ignore_ascii_case(column));
        match index {
            Some(index) if self.table.row_number_column == Some(index) => {
                Value::Integer(self.number)
            }
            Some(index) => self.values.get(index).cloned().unwrap_or(Value::Null),
            None => Value::Null,
        }
    }

    /// The row as `name=value` pairs, for people; long texts are cut.
    pub fn describe(&self) -> String {
        const CHARACTERS_MAX: usize = 200;
        let pair = |name: &String| {
            let text: String = self
                .get(name)
                .to_text()
                .chars()
                .take(CHARACTERS_MAX)
                .collect();
            format!("{name}={text}")
        };
        let pairs: Vec<String> = self.table.columns.iter().map(pair).collect();
        pairs.join(", ")
    }
}
