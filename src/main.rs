//! The page's entry: hands over to the composition root and knows nothing else.

fn main() {
    tidemark::boot::start();
}
