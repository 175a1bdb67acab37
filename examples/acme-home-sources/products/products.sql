SELECT
  Artikel AS id,
  Bezeichnung AS name,
  Warengruppe AS category,
  Lieferant AS supplier,
  as_amount(VK_EUR) AS price,
  as_date(Einfuehrung, '%d.%m.%Y') AS introduced_on,
  as_date(Auslauf, '%d.%m.%Y') AS discontinued_on,
  Revision AS revision,
  as_date(Rev_ab, '%d.%m.%Y') AS revised_on,
  _row
FROM csv_rows('products.csv', delimiter := ';')
