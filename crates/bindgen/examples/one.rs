//! Temp.
fn main() {
    let a: Vec<String> = std::env::args().collect();
    recourse_bindgen::generate(std::path::Path::new(&a[1]), "x", std::path::Path::new("/tmp/one")).expect("x");
}
