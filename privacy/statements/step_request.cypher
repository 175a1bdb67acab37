// One step further.
MATCH (request:PrivacyRequest {id: $request})
SET request += $properties
RETURN request.id
