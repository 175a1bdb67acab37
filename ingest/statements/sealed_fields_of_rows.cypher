  MATCH (record:SourceRecord) WHERE record.sourceKey IN $records
  MATCH «WAY»<-[:«RECORDED»]-(record)
  RETURN n
